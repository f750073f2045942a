import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { empty, type Query, type Sql, sql, unnamed } from "../../database/sql.ts";
import { withVersion } from "../version-store.ts";
import { conditionsOf } from "./filters.ts";
import type { ListRequest } from "./query.ts";
import { keyColumns, orderBy, tableOf } from "./sort.ts";
import { areLookedUp, matchSource, scanOf } from "./source.ts";

type MatchRequest = Pick<ListRequest, "filters" | "sort" | "descending"> & { exceptIds?: readonly string[] };

/**
 * All customers that match the filters, in order. `wanted` are columns of `customers c` and its version `v`. The query
 * orders ids and keys first, mostly by an index, and looks up rows as the reader fetches them: the first rows arrive at
 * once, and no sort holds complete customers.
 */
export function everyMatch(
  database: EnterpriseDatabase,
  wanted: Sql,
  { filters, sort, descending, exceptIds = [] }: MatchRequest,
): Query<unknown> {
  const { enterpriseId } = database;
  const conditions = conditionsOf(database, filters);
  const table = tableOf(sort.index);
  const select = areLookedUp(conditions)
    ? matchSource(enterpriseId, conditions).select
    : scanOf(enterpriseId, conditions, table);
  const order = orderBy(sort, descending);
  const matches = select((id) => sql`${id} as id${keyColumns(sort)}`, [table]);
  return unnamed(
    sql`select ${wanted} from (
        select * from (${matches}) m ${exceptIds.length === 0 ? empty : sql`where id <> all(${exceptIds}::uuid[])`}
        order by ${order}
      ) p cross join lateral (
        select * from customers c where c.enterprise_id = ${enterpriseId} and c.id = p.id limit 1) c
        ${withVersion(enterpriseId)}
      order by ${orderBy(sort, descending, "p.")}`,
  );
}
