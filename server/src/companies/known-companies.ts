import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

/** Selects those of these ids that are branches of the enterprise. */
export const selectKnown = (enterpriseId: string, ids: readonly string[]): Sql<{ id: string }> =>
  sql`select id from companies where enterprise_id = ${enterpriseId} and id = any(${ids}::uuid[])`;

/** Returns those of these ids that are branches of the enterprise. */
export async function knownCompanies(
  database: EnterpriseDatabase,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await database.many(selectKnown(database.enterpriseId, ids));
  return new Set(rows.map(({ id }) => id));
}
