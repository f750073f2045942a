import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { join, type Sql, sql } from "../../database/sql.ts";
import { beforeAllIds } from "../../ids/new-id.ts";
import { listConditions } from "./conditions.ts";
import type { Filters } from "./filters.ts";
import { sourceOf, tablesOf } from "./source.ts";

/**
 * The ids of all customers that match the filters, in order of id, in batches of `idsAtOnce`: a transaction cannot
 * stream. Few matches come from the search index; many are found by scanning all customers by id, because each batch
 * would read the search index from its start.
 */
export async function* selectedIds(
  database: EnterpriseDatabase,
  filters: Filters,
  idsAtOnce: number,
): AsyncGenerator<string[]> {
  const { enterpriseId } = database;
  const { indexable, viaSearchFunction, searchArguments } = listConditions(database, filters);
  const conditions = [sql`c.enterprise_id = ${enterpriseId}`, ...indexable.map(({ is }) => is)];
  const source = sourceOf(enterpriseId, "customers", tablesOf(indexable));
  const idsOf = async (query: Sql<{ id: string }>) => (await database.many(query)).map(({ id }) => id);
  if (viaSearchFunction.length > 0) {
    const found = await idsOf(
      sql`select id from matching_customers(${searchArguments}, ${idsAtOnce + 1}) as id`,
    );
    if (found.length <= idsAtOnce) {
      const are = [...conditions, sql`c.id = any(${found}::uuid[])`];
      yield await idsOf(sql`select c.id from ${source} where ${join(are, " and ")} order by c.id`);
      return;
    }
  }
  for (let after = beforeAllIds; ; ) {
    const behind = [...conditions, ...viaSearchFunction, sql`c.id > ${after}`];
    const ids = await idsOf(
      sql`select c.id from ${source} where ${join(behind, " and ")} order by c.id limit ${idsAtOnce}`,
    );
    if (ids.length > 0) yield ids;
    if (ids.length < idsAtOnce) return;
    after = ids.at(-1) ?? after;
  }
}
