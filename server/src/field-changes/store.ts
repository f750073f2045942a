import type { FieldType } from "@clientele/contract/custom-fields";
import { type CustomerState, stateColumns } from "../customers/store.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

const rowsPerChunk = 5_000;

/** How many customers there are of a kind, and the first of them. */
export type CustomerSample = { count: number; customerIds: string[] };

export const customerIdsMax = 20;

/** The customers that have a value of the field, in chunks by id. What is written meanwhile may be one of them. */
export async function* customersWith(
  database: EnterpriseDatabase,
  fieldId: string,
): AsyncGenerator<CustomerState[]> {
  await allowLongStatements(database);
  for (let after = ""; ; ) {
    const states = await database.many(
      sql<CustomerState>`select ${stateColumns} from customers
          where enterprise_id = ${database.enterpriseId} and id > ${after} and values ? ${fieldId}
          order by id limit ${rowsPerChunk}`,
    );
    if (states.length > 0) yield states;
    if (states.length < rowsPerChunk) return;
    after = states.at(-1)?.id ?? after;
  }
}

export async function customersWithout(
  database: EnterpriseDatabase,
  fieldId: string,
): Promise<CustomerSample> {
  const { enterpriseId } = database;
  await allowLongStatements(database);
  const found = await database.one(
    sql<{
      count: number;
      customerIds: string[] | null;
    }>`select count(*) as count, (array_agg(id order by id))[:${customerIdsMax}] as "customerIds" from customers
        where enterprise_id = ${enterpriseId} and not values ? ${fieldId}`,
  );
  return { count: found.count, customerIds: found.customerIds ?? [] };
}

/** The customers that have a value of the field. */
export async function countCustomersWith(
  database: EnterpriseDatabase,
  fieldId: string,
): Promise<CustomerSample> {
  const { enterpriseId } = database;
  await allowLongStatements(database);
  const found = await database.one(
    sql<{
      count: number;
      customerIds: string[] | null;
    }>`select count(*) as count, (array_agg(id order by id))[:${customerIdsMax}] as "customerIds" from customers
        where enterprise_id = ${enterpriseId} and values ? ${fieldId}`,
  );
  return { count: found.count, customerIds: found.customerIds ?? [] };
}

export type CustomerValue = { id: string; value: string | string[] };

/** The values of the field and who has them, in chunks by id: all of them, or those of which a condition holds. */
export async function* valuesOf(
  database: EnterpriseDatabase,
  fieldId: string,
  condition: Sql = sql`true`,
): AsyncGenerator<CustomerValue[]> {
  await allowLongStatements(database);
  for (let after = ""; ; ) {
    const chunk = await database.many(
      sql<CustomerValue>`select id, values -> ${fieldId} as value from customers
          where enterprise_id = ${database.enterpriseId} and id > ${after} and values ? ${fieldId} and ${condition}
          order by id limit ${rowsPerChunk}`,
    );
    if (chunk.length > 0) yield chunk;
    if (chunk.length < rowsPerChunk) return;
    after = chunk.at(-1)?.id ?? after;
  }
}

/** How many customers have each value of a field with options. */
export async function countOptionUses(
  database: EnterpriseDatabase,
  fieldId: string,
): Promise<Map<string, number>> {
  await allowLongStatements(database);
  const rows = await database.many(
    sql<{ value: string; customers: number }>`select choice as value, count(*) as customers
        from customers cross join lateral jsonb_array_elements_text(
          case jsonb_typeof(values -> ${fieldId}) when 'array' then values -> ${fieldId}
            else jsonb_build_array(values -> ${fieldId}) end) as choice
        where enterprise_id = ${database.enterpriseId} and values ? ${fieldId} group by 1`,
  );
  return new Map(rows.map(({ value, customers }) => [value, customers]));
}

// A walk over millions of customers takes the time that it takes: the limit is for requests that should be quick.
const allowLongStatements = (database: EnterpriseDatabase) =>
  database.many(sql`select set_config('statement_timeout', '10min', true)`);

export const updateSearch = (
  enterpriseId: string,
  rows: readonly { id: string; searchWords: readonly string[] }[],
): Sql =>
  sql`update customers c set search = array_to_tsvector("searchWords")
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, "searchWords" text[])
      where c.enterprise_id = ${enterpriseId} and c.id = r.id`;

export type UniqueField = { id: string; type: FieldType };

/**
 * What `uniqueKey` makes of a value, for all values at once; null where only that can tell: of a long one, and of an
 * e-mail in other than ASCII. The collation is that of the keys, which sorts by bytes and has no part in locales.
 */
function sqlUniqueKey({ id, type }: UniqueField): Sql {
  const value = sql`(values ->> ${id})`;
  const isShort = sql`octet_length(${value}) <= 200`;
  if (type === "PHONE") return sql`case when ${isShort} then (${value}::jsonb ->> 'phone') collate "C" end`;
  if (type !== "EMAIL") return sql`case when ${isShort} then ${value} collate "C" end`;
  return sql`case when ${isShort} and octet_length(${value}) = char_length(${value})
    then lower(${value} collate "C") end`;
}

const sqlUniqueKeys = (enterpriseId: string, field: UniqueField): Sql =>
  sql`select id, ${sqlUniqueKey(field)} as key from customers
      where enterprise_id = ${enterpriseId} and values ? ${field.id}`;

export const valuesWithoutSqlKey = (
  database: EnterpriseDatabase,
  field: UniqueField,
): AsyncGenerator<CustomerValue[]> => valuesOf(database, field.id, sql`${sqlUniqueKey(field)} is null`);

/** Takes the keys of all plain values for those who have them. */
export async function insertSqlKeys(database: EnterpriseDatabase, field: UniqueField): Promise<void> {
  const { enterpriseId } = database;
  await allowLongStatements(database);
  await database.many(
    sql`insert into unique_values (enterprise_id, field_id, key, customer_id)
        select ${enterpriseId}, ${field.id}, key, case when count(*) = 1 then min(id) else '' end
        from (${sqlUniqueKeys(enterpriseId, field)}) held
        where key is not null group by key order by key`,
  );
}

/** The customers that share a value, when all values are plain; null when some are not. */
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

/** Takes keys for the customers that have them. A key that several have is left with no holder, `''`. */
export const insertKeys = (enterpriseId: string, fieldId: string, keys: readonly KeyHolder[]): Sql =>
  sql`insert into unique_values (enterprise_id, field_id, key, customer_id)
      select ${enterpriseId}, ${fieldId}, key, case when count(*) = 1 then min("customerId") else '' end
      from json_to_recordset(${JSON.stringify(keys)}::json) as r(key text, "customerId" text)
      group by key
      on conflict on constraint unique_values_key do update set customer_id = ''`;

export const deleteKeys = (enterpriseId: string, fieldId: string): Sql =>
  sql`delete from unique_values where enterprise_id = ${enterpriseId} and field_id = ${fieldId}`;

export async function hasSharedKeys(database: EnterpriseDatabase, fieldId: string): Promise<boolean> {
  const shared = await database.maybeOne(
    sql<object>`select from unique_values
        where enterprise_id = ${database.enterpriseId} and field_id = ${fieldId} and customer_id = '' limit 1`,
  );
  return shared !== undefined;
}
