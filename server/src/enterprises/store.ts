import type { DefaultField } from "../custom-fields/default-fields.ts";
import { type Sql, sql } from "../database/sql.ts";

export const insert = (id: string, name: string, now: Date): Sql =>
  sql`insert into enterprises (id, name, created_at, updated_at) values (${id}, ${name}, ${now}, ${now})`;

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
