import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { join, type Query, type Sql, sql, unnamed } from "../../database/sql.ts";
import { listConditions } from "./conditions.ts";
import type { ListRequest } from "./query.ts";
import { keyColumns, orderBy } from "./sort.ts";

type MatchRequest = Pick<ListRequest, "filters" | "sort" | "descending"> & { exceptIds?: readonly string[] };

/**
 * All customers that match the filters, in order. `wanted` are columns of `customers c`. The query orders ids and keys
 * first, mostly by an index, and looks up rows as the reader fetches them: the first rows arrive at once, and no sort
 * holds complete customers.
 */
export function everyMatch(
  database: EnterpriseDatabase,
  wanted: Sql,
  { filters, sort, descending, exceptIds = [] }: MatchRequest,
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
