import type { CustomField, FieldType } from "@clientele/contract/custom-fields";
import type { Static } from "typebox";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { objects, sql } from "../database/sql.ts";

type StoredDefinition = {
  id: string;
  externalId: string;
  defaultId: string;
  categoryId: string;
  type: FieldType;
  label: string;
  selectOptions: Static<typeof CustomField>["selectOptions"];
  isMandatory: boolean;
  isUnique: boolean;
  isSearchable: boolean;
  isActive: boolean;
  validation: Static<typeof CustomField>["validation"];
};

/** Every field in definition order, and every tag. */
export async function readDefinitions(
  database: EnterpriseDatabase,
): Promise<{ fields: StoredDefinition[]; tags: { id: string; name: string }[] }> {
  const { enterpriseId } = database;
  const [fields, tags] = await database.batch([
    sql`select f.id, coalesce(f.external_id, '') as "externalId", coalesce(f.default_id, '') as "defaultId",
          f.category_id as "categoryId", f.type, f.label, f.select_options as "selectOptions",
          f.is_mandatory as "isMandatory", f.is_unique as "isUnique", f.is_searchable as "isSearchable",
          f.is_active as "isActive", f.validation
        from custom_fields f join categories c on (c.enterprise_id, c.id) = (f.enterprise_id, f.category_id)
        where f.enterprise_id = ${enterpriseId}
        order by c.order_index, c.id, f.order_index, f.id`,
    sql`select id, name from tags where enterprise_id = ${enterpriseId}`,
  ]);
  return { fields: objects(fields!), tags: objects(tags!) };
}
