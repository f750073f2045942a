import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

export const insert = (id: string, name: string, defaultFieldIds: readonly string[], now: Date): Sql =>
  sql`insert into enterprises (key, id, name, default_field_ids, created_at, updated_at)
      values (${id}, ${id}, ${name}, ${defaultFieldIds}, ${now}, ${now})`;

/** The default fields that the enterprise has been given. */
export async function defaultFieldIds(database: EnterpriseDatabase): Promise<readonly string[]> {
  const { ids } = await database.one(
    sql<{
      ids: string[];
    }>`select default_field_ids as ids from enterprises where key = ${database.enterpriseId}`,
  );
  return ids;
}

export const addDefaultFieldIds = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`update enterprises set default_field_ids = default_field_ids || ${ids}::text[] where key = ${enterpriseId}`;
