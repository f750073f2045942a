import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { join, type Query, type Sql, sql, unnamed } from "../../database/sql.ts";
import { listConditions } from "./conditions.ts";
import type { ListRequest } from "./query.ts";
import { keyColumns, orderBy } from "./sort.ts";

type Asked = Pick<ListRequest, "filters" | "sort" | "descending"> & { exceptIds?: readonly string[] };

/**
 * All customers that the filters find, in their order, however many: `wanted` are columns of `customers c`. Ids and
 * keys are put in order first, mostly by an index that has both; the rows are looked up as they are asked for. So
 * the first ones come at once, and nothing sorts customers whole.
 */
export function everyMatch(
  database: EnterpriseDatabase,
  wanted: Sql,
  { filters, sort, descending, exceptIds = [] }: Asked,
): Query<unknown> {
  const { enterpriseId } = database;
  const { indexable, viaSearchFunction, searchArguments } = listConditions(database, filters);
  const own = sql`c.enterprise_id = ${enterpriseId}`;
  const others = exceptIds.length === 0 ? [] : [sql`c.id <> all(${exceptIds}::text[])`];
  const matching =
    viaSearchFunction.length === 0
      ? sql`customers c`
      : sql`matching_customers(${searchArguments}, null) as found(id)
          join customers c on ${own} and c.id = found.id`;
  return unnamed(
    sql`select ${wanted} from (
        select c.id${keyColumns(sort)} from ${matching}
        where ${join([own, ...indexable.map(({ is }) => is), ...others], " and ")}
        order by ${orderBy(sort, descending)}
      ) p cross join lateral (select * from customers c where ${own} and c.id = p.id limit 1) c
      order by ${orderBy(sort, descending, "p.")}`,
  );
}
