import type { CustomField } from "@clientele/contract/custom-fields";
import type { Static } from "@clientele/contract/formats";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { uuidOf } from "../database/id-codec.ts";
import { type Sql, sql } from "../database/sql.ts";

/** A field without its version and timestamps. */
export type FieldState = Omit<
  Static<typeof CustomField>,
  "isMultiple" | "isDefault" | "createdAt" | "updatedAt"
>;

export type StoredField = FieldState & {
  /** Unique in the enterprise and never reused. */
  number: number;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

/** Attributes that the journal records. */
export const journaledAttributes = [
  "externalId",
  "defaultId",
  "categoryId",
  "type",
  "label",
  "translationKey",
  "placeholder",
  "selectOptions",
  "isMandatory",
  "isMandatoryOnline",
  "isUnique",
  "isSearchable",
  "isActive",
  "orderIndex",
  "validation",
] as const satisfies readonly (keyof FieldState)[];

const columns = sql`f.id, f.number, coalesce(f.external_id, '') as "externalId", coalesce(f.default_id, '') as "defaultId",
  f.category_id as "categoryId", f.type, f.label, f.translation_key as "translationKey", f.placeholder,
  f.select_options as "selectOptions", f.is_mandatory as "isMandatory",
  f.is_mandatory_online as "isMandatoryOnline", f.is_unique as "isUnique", f.is_searchable as "isSearchable",
  f.is_active as "isActive", f.order_index as "orderIndex", f.validation, f.version,
  f.created_at as "createdAt", f.updated_at as "updatedAt"`;

const selectFields = (enterpriseId: string): Sql<StoredField> =>
  sql`select ${columns}
      from custom_fields f join categories c on (c.enterprise_id, c.id) = (f.enterprise_id, f.category_id)
      where f.enterprise_id = ${enterpriseId}
      order by c.order_index, c.id, f.order_index, f.id`;

/** Every field in definition order. */
export const allFields = (database: EnterpriseDatabase): Promise<StoredField[]> =>
  database.many(selectFields(database.enterpriseId));

type StoredDefinitions = {
  fields: StoredField[];
  deletedFields: { id: string; number: number }[];
  tags: { id: string; name: string }[];
};

/** Every field in definition order, every deleted field, and every tag. */
export async function readDefinitions(database: EnterpriseDatabase): Promise<StoredDefinitions> {
  const { enterpriseId } = database;
  const [fields, deletedFields, tags] = await database.batch([
    selectFields(enterpriseId),
    sql<{ id: string; number: number }>`select id, number from deleted_fields
        where enterprise_id = ${enterpriseId}`,
    sql<{ id: string; name: string }>`select id, name from tags where enterprise_id = ${enterpriseId}`,
  ]);
  return { fields, deletedFields, tags };
}

/** A field by its id or `defaultId`. */
export async function fetchField(
  database: EnterpriseDatabase,
  name: string,
): Promise<StoredField | undefined> {
  return database.maybeOne(
    sql<StoredField>`select ${columns} from custom_fields f
        where f.enterprise_id = ${database.enterpriseId} and (f.id = ${name} or f.default_id = ${name})`,
  );
}

export const fieldsOfCategory = (database: EnterpriseDatabase, categoryId: string): Promise<StoredField[]> =>
  database.many(
    sql<StoredField>`select ${columns} from custom_fields f
        where f.enterprise_id = ${database.enterpriseId} and f.category_id = ${categoryId}
        order by f.order_index, f.id`,
  );

/** The order index after the last field of a category. */
export async function nextOrderIndex(database: EnterpriseDatabase, categoryId: string): Promise<number> {
  const row = await database.one(
    sql<{ next: number }>`select coalesce(max(order_index), -1) + 1 as next from custom_fields
        where enterprise_id = ${database.enterpriseId} and category_id = ${categoryId}`,
  );
  return row.next;
}

/** The values that at least one customer has. Queries the index of values once per value. */
export async function valuesInUse(
  database: EnterpriseDatabase,
  { number, type }: StoredField,
  values: readonly string[],
): Promise<Set<string>> {
  if (values.length === 0) return new Set();
  const { enterpriseId } = database;
  const held = (value: string) => ({ [number]: type === "MULTI_SELECT" ? [value] : value });
  const candidates = values.map((value) => ({ value, held: held(value) }));
  const rows = await database.many(
    sql<{
      value: string;
    }>`select value from json_to_recordset(${JSON.stringify(candidates)}::json) as r(value text, held jsonb)
          cross join lateral (
            select from customer_search c
            where c.enterprise_id = ${enterpriseId}
              and c.enterprise_values @> jsonb_set('{}', array[(${enterpriseId}::bigint)::text], held)
            limit 1) as holder`,
  );
  return new Set(rows.map(({ value }) => value));
}

const record = (field: FieldState): Sql =>
  sql`json_to_record(${JSON.stringify({ ...field, id: uuidOf(field.id), categoryId: uuidOf(field.categoryId) })}::json) as r(id uuid, "externalId" text, "defaultId" text,
    "categoryId" uuid, type text, label text, "translationKey" text, placeholder text, "selectOptions" jsonb,
    "isMandatory" boolean, "isMandatoryOnline" boolean, "isUnique" boolean, "isSearchable" boolean,
    "isActive" boolean, "orderIndex" integer, validation jsonb)`;

/** The number of the next field. The exclusive lock on definitions keeps others from taking it. */
const nextNumber = (enterpriseId: string): Sql =>
  sql`(select coalesce(max(number), 0) + 1 from (
      select number from custom_fields where enterprise_id = ${enterpriseId}
      union all select number from deleted_fields where enterprise_id = ${enterpriseId}) as taken)`;

export const insertField = (enterpriseId: string, field: FieldState, now: Date): Sql<StoredField> =>
  sql`insert into custom_fields as f (enterprise_id, id, number, external_id, default_id, category_id, type, label,
        translation_key, placeholder, select_options, is_mandatory, is_mandatory_online, is_unique, is_searchable,
        is_active, order_index, validation, created_at, updated_at)
      select ${enterpriseId}, id, ${nextNumber(enterpriseId)}, nullif("externalId", ''), nullif("defaultId", ''),
        "categoryId", type, label,
        "translationKey", placeholder, "selectOptions", "isMandatory", "isMandatoryOnline", "isUnique",
        "isSearchable", "isActive", "orderIndex", validation, ${now}, ${now}
      from ${record(field)}
      returning ${columns}`;

export const updateField = (enterpriseId: string, field: FieldState, now: Date): Sql<StoredField> =>
  sql`update custom_fields f
      set external_id = nullif(r."externalId", ''), category_id = r."categoryId", type = r.type, label = r.label,
        placeholder = r.placeholder, select_options = r."selectOptions", is_mandatory = r."isMandatory",
        is_mandatory_online = r."isMandatoryOnline", is_unique = r."isUnique", is_searchable = r."isSearchable",
        is_active = r."isActive", order_index = r."orderIndex", validation = r.validation,
        version = f.version + 1, updated_at = ${now}
      from ${record(field)}
      where f.enterprise_id = ${enterpriseId} and f.id = r.id
      returning ${columns}`;

export const deleteField = (enterpriseId: string, id: string): Sql =>
  sql`with deleted as (
        delete from custom_fields where enterprise_id = ${enterpriseId} and id = ${id}
        returning enterprise_id, number, id
      ) insert into deleted_fields (enterprise_id, number, id) select * from deleted`;

/** Increments the revision, which invalidates every cached copy of the definitions. */
export const bumpRevision = (enterpriseId: string): Sql<{ revision: number }> =>
  sql`update enterprises set definitions_revision = definitions_revision + 1 where key = ${enterpriseId}
      returning definitions_revision as revision`;
