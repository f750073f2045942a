import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { empty, join, type Query, type Sql, sql, unnamed } from "../../database/sql.ts";
import { withVersion } from "../version-store.ts";
import { listConditions } from "./conditions.ts";
import type { ListRequest } from "./query.ts";
import { idOf, keyColumns, orderBy, tableOf } from "./sort.ts";
import { ownRows, sourceOf, tablesOf } from "./source.ts";

type MatchRequest = Pick<ListRequest, "filters" | "sort" | "descending"> & { exceptIds?: readonly string[] };

/**
 * All customers that match the filters, in order. `wanted` are columns of `customers c` and its version `v`. The query orders ids and keys
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
  const table = viaSearchFunction.length === 0 ? tableOf(sort.index) : "customers";
  const others = exceptIds.length === 0 ? [] : [sql`${idOf(table)} <> all(${exceptIds}::uuid[])`];
  const needed = [tableOf(sort.index), ...tablesOf(indexable)];
  const matching =
    viaSearchFunction.length === 0
      ? sourceOf(enterpriseId, table, needed)
      : sql`matching_customers(${searchArguments}, null) as found(id)
          join customers c on ${own} and c.id = found.id
          ${needed.includes("customer_versions") ? withVersion(enterpriseId) : empty}`;
  const conditions = [ownRows(enterpriseId, table), ...indexable.map(({ is }) => is), ...others];
  return unnamed(
    sql`select ${wanted} from (
        select ${idOf(table)} as id${keyColumns(sort)} from ${matching}
        where ${join(conditions, " and ")}
        order by ${orderBy(sort, descending)}
      ) p cross join lateral (select * from customers c where ${own} and c.id = p.id limit 1) c
        ${withVersion(enterpriseId)}
      order by ${orderBy(sort, descending, "p.")}`,
  );
}
