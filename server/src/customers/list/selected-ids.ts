import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { empty, type Sql, sql } from "../../database/sql.ts";
import { conditionsOf, type Filters } from "./filters.ts";
import { areLookedUp, matchSource, scanOf } from "./source.ts";

/**
 * The ids of all customers that match the filters, in order of id, in batches of `idsAtOnce`: a transaction cannot
 * stream. Few matches come from the index that has them; many are found by scanning all customers by id, because each
 * batch would read that index from its start.
 */
export async function* selectedIds(
  database: EnterpriseDatabase,
  filters: Filters,
  idsAtOnce: number,
): AsyncGenerator<string[]> {
  const { enterpriseId } = database;
  const conditions = conditionsOf(database, filters);
  const idsOf = async (query: Sql<{ id: string }>) => (await database.many(query)).map(({ id }) => id);
  const asId = (id: Sql) => sql`${id} as id`;
  if (areLookedUp(conditions)) {
    const found = matchSource(enterpriseId, conditions).select(asId, [], sql`${idsAtOnce + 1}`);
    const ids = await idsOf(sql`select id from (${found}) m order by id`);
    if (ids.length <= idsAtOnce) {
      yield ids;
      return;
    }
  }
  const all = scanOf(enterpriseId, conditions, "customers")(asId, []);
  for (let after: string | undefined; ; ) {
    const behind = after === undefined ? empty : sql`where id > ${after}`;
    const ids = await idsOf(sql`select id from (${all}) m ${behind} order by id limit ${idsAtOnce}`);
    if (ids.length > 0) yield ids;
    if (ids.length < idsAtOnce) return;
    after = ids.at(-1);
  }
}
