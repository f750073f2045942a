import type { FieldType } from "@clientele/contract/custom-fields";
import type { FieldKey } from "../custom-fields/values/field-key.ts";
import { type CustomerState, stateColumns } from "../customers/store.ts";
import { withVersion } from "../customers/version-store.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { uuidOf } from "../database/id-codec.ts";
import { type Sql, sql } from "../database/sql.ts";
import { beforeAllIds } from "../ids/new-id.ts";

const rowsPerChunk = 5_000;

/** A number of customers and the ids of the first ones. */
export type CustomerSample = { count: number; customerIds: string[] };

export const customerIdsMax = 20;

/**
 * Customers with a value of the field, in chunks ordered by id. Concurrent writes may or may not be included.
 */
export async function* customersWith(
  database: EnterpriseDatabase,
  key: FieldKey,
): AsyncGenerator<CustomerState[]> {
  await allowLongStatements(database);
  for (let after = beforeAllIds; ; ) {
    const states = await database.many(
      sql<CustomerState>`select ${stateColumns} from customers c ${withVersion(database.enterpriseId)}
          where c.enterprise_id = ${database.enterpriseId} and c.id > ${after} and c.values ? ${key}
          order by c.id limit ${rowsPerChunk}`,
    );
    if (states.length > 0) yield states;
    if (states.length < rowsPerChunk) return;
    after = states.at(-1)?.id ?? after;
  }
}

export async function customersWithout(database: EnterpriseDatabase, key: FieldKey): Promise<CustomerSample> {
  const { enterpriseId } = database;
  await allowLongStatements(database);
  const found = await database.one(
    sql<{
      count: number;
      customerIds: string[] | null;
    }>`select count(*) as count, (array_agg(id order by id))[:${customerIdsMax}] as "customerIds" from customers
        where enterprise_id = ${enterpriseId} and not values ? ${key}`,
  );
  return { count: found.count, customerIds: found.customerIds ?? [] };
}

/** The customers with a value of the field. */
export async function countCustomersWith(
  database: EnterpriseDatabase,
  key: FieldKey,
): Promise<CustomerSample> {
  const { enterpriseId } = database;
  await allowLongStatements(database);
  const found = await database.one(
    sql<{
      count: number;
      customerIds: string[] | null;
    }>`select count(*) as count, (array_agg(id order by id))[:${customerIdsMax}] as "customerIds" from customers
        where enterprise_id = ${enterpriseId} and values ? ${key}`,
  );
  return { count: found.count, customerIds: found.customerIds ?? [] };
}

export type CustomerValue = { id: string; value: string | string[] };

/**
 * Values of the field with their customers, in chunks ordered by id, optionally restricted by a condition.
 */
export async function* valuesOf(
  database: EnterpriseDatabase,
  key: FieldKey,
  condition: Sql = sql`true`,
): AsyncGenerator<CustomerValue[]> {
  await allowLongStatements(database);
  for (let after = beforeAllIds; ; ) {
    const chunk = await database.many(
      sql<CustomerValue>`select id, values -> ${key} as value from customers
          where enterprise_id = ${database.enterpriseId} and id > ${after} and values ? ${key} and ${condition}
          order by id limit ${rowsPerChunk}`,
    );
    if (chunk.length > 0) yield chunk;
    if (chunk.length < rowsPerChunk) return;
    after = chunk.at(-1)?.id ?? after;
  }
}

/** The number of customers per option value. */
export async function countOptionUses(
  database: EnterpriseDatabase,
  key: FieldKey,
): Promise<Map<string, number>> {
  await allowLongStatements(database);
  const rows = await database.many(
    sql<{ value: string; customers: number }>`select choice as value, count(*) as customers
        from customers cross join lateral jsonb_array_elements_text(
          case jsonb_typeof(values -> ${key}) when 'array' then values -> ${key}
            else jsonb_build_array(values -> ${key}) end) as choice
        where enterprise_id = ${database.enterpriseId} and values ? ${key} group by 1`,
  );
  return new Map(rows.map(({ value, customers }) => [value, customers]));
}

// Reading millions of customers exceeds the statement timeout, which is set for ordinary requests.
const allowLongStatements = (database: EnterpriseDatabase) =>
  database.many(sql`select set_config('statement_timeout', '10min', true)`);

export const updateSearch = (
  enterpriseId: string,
  rows: readonly { id: string; searchWords: readonly string[] }[],
): Sql =>
  sql`update customers c set search = array_to_tsvector("searchWords")
      from json_to_recordset(${JSON.stringify(rows.map(({ id, searchWords }) => ({ id: uuidOf(id), searchWords })))}::json)
        as r(id uuid, "searchWords" text[])
      where c.enterprise_id = ${enterpriseId} and c.id = r.id`;

export type UniqueField = { key: FieldKey; type: FieldType };

/**
 * `uniqueKey` in SQL, for all values at once. Null where only `uniqueKey` can compute the key: for long
 * values and for e-mail addresses outside of ASCII. The "C" collation of keys sorts by bytes, independent of
 * the locale.
 */
function sqlUniqueKey({ key, type }: UniqueField): Sql {
  const value = sql`(values ->> ${key})`;
  const isShort = sql`octet_length(${value}) <= 200`;
  if (type === "PHONE") return sql`case when ${isShort} then (${value}::jsonb ->> 'phone') collate "C" end`;
  if (type !== "EMAIL") return sql`case when ${isShort} then ${value} collate "C" end`;
  return sql`case when ${isShort} and octet_length(${value}) = char_length(${value})
    then lower(${value} collate "C") end`;
}

const sqlUniqueKeys = (enterpriseId: string, field: UniqueField): Sql =>
  sql`select id, ${sqlUniqueKey(field)} as key from customers
      where enterprise_id = ${enterpriseId} and values ? ${field.key}`;

export const valuesWithoutSqlKey = (
  database: EnterpriseDatabase,
  field: UniqueField,
): AsyncGenerator<CustomerValue[]> => valuesOf(database, field.key, sql`${sqlUniqueKey(field)} is null`);

/** Inserts every key that SQL can compute. A key with several holders gets none. */
export async function insertSqlKeys(database: EnterpriseDatabase, field: UniqueField): Promise<void> {
  const { enterpriseId } = database;
  await allowLongStatements(database);
  await database.many(
    sql`insert into unique_values (enterprise_id, field_number, key, customer_id)
        select ${enterpriseId}, ${field.key}::smallint, key, case when count(*) = 1 then min(id::text)::uuid end
        from (${sqlUniqueKeys(enterpriseId, field)}) held
        where key is not null group by key order by key`,
  );
}

/** The customers with duplicate values; null when SQL cannot compute every key. */
export async function customersSharingSqlKeys(
  database: EnterpriseDatabase,
  field: UniqueField,
): Promise<CustomerSample | null> {
  await allowLongStatements(database);
  const found = await database.one(
    sql<
      CustomerSample & { arePlain: boolean }
    >`with held as materialized (${sqlUniqueKeys(database.enterpriseId, field)}), shared as materialized (
          select key, count(*) as customers from held group by key having count(*) > 1 or key is null
        )
        select coalesce(sum(customers), 0)::bigint as count, coalesce(bool_and(key is not null), true) as "arePlain",
          array(select id from held where key in (select key from shared) order by id limit ${customerIdsMax})
            as "customerIds"
        from shared`,
  );
  const { arePlain, ...sharing } = found;
  return arePlain ? sharing : null;
}

export type KeyHolder = { key: string; customerId: string };

/** Inserts keys for their customers. A key with several holders gets none. */
export const insertKeys = (enterpriseId: string, fieldKey: FieldKey, keys: readonly KeyHolder[]): Sql =>
  sql`insert into unique_values (enterprise_id, field_number, key, customer_id)
      select ${enterpriseId}, ${fieldKey}::smallint, key, case when count(*) = 1 then min("customerId")::uuid end
      from json_to_recordset(${JSON.stringify(keys.map(({ key, customerId }) => ({ key, customerId: uuidOf(customerId) })))}::json) as r(key text, "customerId" text)
      group by key
      on conflict on constraint unique_values_key do update set customer_id = null`;

export const deleteKeys = (enterpriseId: string, fieldKey: FieldKey): Sql =>
  sql`delete from unique_values where enterprise_id = ${enterpriseId} and field_number = ${fieldKey}::smallint`;

export async function hasSharedKeys(database: EnterpriseDatabase, fieldKey: FieldKey): Promise<boolean> {
  const shared = await database.maybeOne(
    sql<object>`select from unique_values
        where enterprise_id = ${database.enterpriseId} and field_number = ${fieldKey}::smallint and customer_id is null limit 1`,
  );
  return shared !== undefined;
}
