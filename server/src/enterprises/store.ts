import type { DefaultField } from "../custom-fields/default-fields.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

export const insert = (id: string, name: string, defaultFieldIds: readonly string[], now: Date): Sql =>
  sql`insert into enterprises (id, name, default_field_ids, created_at, updated_at)
      values (${id}, ${name}, ${defaultFieldIds}, ${now}, ${now})`;

/** The default fields that the enterprise has been given. */
export async function defaultFieldIds(database: EnterpriseDatabase): Promise<readonly string[]> {
  const { ids } = await database.one(
    sql<{
      ids: string[];
    }>`select default_field_ids as ids from enterprises where id = ${database.enterpriseId}`,
  );
  return ids;
}

export const addDefaultFieldIds = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`update enterprises set default_field_ids = default_field_ids || ${ids}::text[] where id = ${enterpriseId}`;

export const insertDefaultCategory = (enterpriseId: string, id: string, name: string, now: Date): Sql =>
  sql`insert into categories (enterprise_id, id, name, translation_key, order_index, is_default, created_at, updated_at)
      values (${enterpriseId}, ${id}, ${name}, 'categories.default', 0, true, ${now}, ${now})`;

export const insertDefaultFields = (
  enterpriseId: string,
  categoryId: string,
  fields: readonly (DefaultField & { id: string; optionIds: readonly string[] })[],
  now: Date,
): Sql => {
  const rows = fields.map(({ options = [], optionIds, ...field }, orderIndex) => ({
    ...field,
    orderIndex,
    selectOptions: options.map(([value, label], index) => ({
      id: optionIds[index],
      value,
      label,
      orderIndex: index,
      isActive: true,
    })),
  }));
  return sql`insert into custom_fields (enterprise_id, id, default_id, category_id, type, label, translation_key,
        select_options, order_index, created_at, updated_at)
      select ${enterpriseId}, id, "defaultId", ${categoryId}, type, label, 'customfields.' || "defaultId",
        "selectOptions", "orderIndex", ${now}, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as r(id text, "defaultId" text, type text, label text, "selectOptions" jsonb, "orderIndex" integer)`;
};
