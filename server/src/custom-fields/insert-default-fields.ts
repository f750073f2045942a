import { uuidOf } from "../database/id-codec.ts";
import { type Sql, sql } from "../database/sql.ts";
import type { DefaultField } from "./default-fields.ts";

/** Inserts the default fields of a new enterprise, in the order given. */
export const insertDefaultFields = (
  enterpriseId: string,
  categoryId: string,
  fields: readonly (DefaultField & { id: string; optionIds: readonly string[] })[],
  now: Date,
): Sql => {
  const rows = fields.map(({ options = [], optionIds, ...field }, orderIndex) => ({
    ...field,
    id: uuidOf(field.id),
    orderIndex,
    selectOptions: options.map(([value, label], index) => ({
      id: optionIds[index],
      value,
      label,
      orderIndex: index,
      isActive: true,
    })),
  }));
  return sql`insert into custom_fields (enterprise_id, id, number, default_id, category_id, type, label, translation_key,
        select_options, order_index, created_at, updated_at)
      select ${enterpriseId}, id, "orderIndex" + 1, "defaultId", ${categoryId}, type, label, 'customfields.' || "defaultId",
        "selectOptions", "orderIndex", ${now}, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as r(id uuid, "defaultId" text, type text, label text, "selectOptions" jsonb, "orderIndex" integer)`;
};
