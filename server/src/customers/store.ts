import type { FieldKey } from "../custom-fields/values/field-key.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Query, type Sql, sql, type TextRow, textRows } from "../database/sql.ts";
import type { ChangeSource } from "../journal/append.ts";
import type { CustomerRow } from "./customer-json.ts";
import type { CustomerRef } from "./customer-ref.ts";
import type { Derived } from "./derived/derive.ts";
import type { Values } from "./values.ts";

/** A stored customer without its derived columns. */
export type CustomerState = {
  id: string;
  externalId: string | null;
  importCustomerId: string | null;
  values: Values;
  tagIds: readonly string[];
  bookerId: string | null;
  totalBookings: number;
  version: number;
};

/** The columns of a CustomerRow, in order, of `customers c`. */
export const customerRowColumns: Sql = sql`c.id, c.external_id, c.values, c.tag_ids, c.total_bookings, c.created_at,
  c.updated_at, c.version`;
export const customerRowWidth = 8;

export const stateColumns = sql`id, external_id as "externalId", import_customer_id as "importCustomerId", values,
  tag_ids as "tagIds", booker_id as "bookerId", total_bookings as "totalBookings", version`;

const matchesRef = (ref: CustomerRef): Sql =>
  "id" in ref ? sql`id = ${ref.id}` : sql`external_id = ${ref.externalId}`;

export const fetchRow = (database: EnterpriseDatabase, ref: CustomerRef): Promise<CustomerRow | undefined> =>
  database.maybeOne(
    textRows(sql`select ${customerRowColumns} from customers c
        where enterprise_id = ${database.enterpriseId} and ${matchesRef(ref)}`),
  );

/** Locks the customer until the transaction ends; undefined when it does not exist. */
export async function lockCustomer(
  database: EnterpriseDatabase,
  ref: CustomerRef,
): Promise<CustomerState | undefined> {
  return database.maybeOne(
    sql<CustomerState>`select ${stateColumns} from customers
        where enterprise_id = ${database.enterpriseId} and ${matchesRef(ref)} for update`,
  );
}

/**
 * Serializes writers that recreate the same deleted customer with an advisory lock: the second one waits,
 * then finds the customer that the first one made.
 */
export async function lockMissingCustomer(
  database: EnterpriseDatabase,
  ref: CustomerRef,
): Promise<CustomerState | undefined> {
  const lockKey = `${database.enterpriseId} ${"id" in ref ? ref.id : ref.externalId}`;
  await database.many(sql`select pg_advisory_xact_lock(hashtextextended(${lockKey}, 0))`);
  return lockCustomer(database, ref);
}

export type LookupKeys = {
  ids: readonly string[];
  externalIds: readonly string[];
  importCustomerIds: readonly string[];
  uniqueValues: readonly UniqueValue[];
};

export type UniqueValue = { fieldKey: FieldKey; key: string };
export type TakenValue = UniqueValue & { customerId: string };

/**
 * Locks the customers that rows may match, ordered by id so that concurrent writers of the same customers
 * wait and never deadlock; also returns the holders of the rows' unique values.
 */
export const lockCandidates = (database: EnterpriseDatabase, keys: LookupKeys) =>
  readCandidates(database, keys, sql` for update`);

/** The same without locks, for a dry run. */
export const findCandidates = (database: EnterpriseDatabase, keys: LookupKeys) =>
  readCandidates(database, keys, sql``);

async function readCandidates(
  database: EnterpriseDatabase,
  { ids, externalIds, importCustomerIds, uniqueValues }: LookupKeys,
  lockClause: Sql,
): Promise<{ customers: CustomerState[]; taken: TakenValue[] }> {
  const { enterpriseId } = database;
  const customers = sql<CustomerState>`select ${stateColumns} from customers
      where enterprise_id = ${enterpriseId} and id in (
        select unnest(${ids}::text[])
        union select id from customers
          where enterprise_id = ${enterpriseId} and external_id = any(${externalIds}::text[])
        union select id from customers
          where enterprise_id = ${enterpriseId} and import_customer_id = any(${importCustomerIds}::text[])
      ) order by id${lockClause}`;
  if (uniqueValues.length === 0) return { customers: await database.many(customers), taken: [] };
  // Each statement sees later commits than the one before. Customers are read again, so that one created in
  // between is matched and its unique value is not reported as taken by another customer.
  const [, taken, known] = await database.batch([
    customers,
    sql<TakenValue>`select field_number::text as "fieldKey", key, customer_id as "customerId" from unique_values
        where enterprise_id = ${enterpriseId}
          and (field_number, key) in (select * from unnest(${uniqueValues.map((value) => value.fieldKey)}::smallint[],
                                                       ${uniqueValues.map((value) => value.key)}::text[]))`,
    customers,
  ]);
  return { customers: known, taken };
}

/** A customer with its derived columns. A recreated one keeps its original `createdAt`. */
export type CustomerWrite = Omit<CustomerState, "totalBookings"> & Derived & { createdAt?: Date | undefined };

const recordColumns = sql`id text, "externalId" text, "importCustomerId" text, "values" jsonb, "tagIds" text[],
  "bookerId" text, "firstNameKey" text, "lastNameKey" text, "companyNameKey" text,
  "emailKey" text, "searchWords" text[], version integer, "createdAt" timestamptz`;

/** A new customer, and the row of the import that creates it. */
export type NewCustomer = CustomerWrite & { importLine: number | undefined };

/**
 * Inserts customers and their journal entries from one reading of the same rows, ordered by external id so
 * that concurrent writers do not deadlock. `journalCreated` builds the CTEs that append the entries of a source.
 */
export const createCustomers = (
  enterpriseId: string,
  rows: readonly NewCustomer[],
  now: Date,
  journalCreated: (source: ChangeSource) => Sql,
): Query<TextRow> =>
  textRows(sql`with r as materialized (
        select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(${recordColumns}, "importLine" integer)
      ), written as (
        insert into customers as c (enterprise_id, id, external_id, import_customer_id, values, tag_ids, booker_id,
          first_name_key, last_name_key, company_name_key, email_key, search, version, created_at, updated_at)
        select ${enterpriseId}, id, "externalId", "importCustomerId", "values", "tagIds", "bookerId",
          "firstNameKey", "lastNameKey", "companyNameKey", "emailKey",
          array_to_tsvector("searchWords"), version + 1, coalesce("createdAt", ${now}), ${now}
        from r order by "externalId", "importCustomerId", id
        returning ${customerRowColumns}
      ), ${journalCreated({
        rows: sql`(
        select id as "subjectId", 'created' as kind, version + 1 as version, "importLine", null::jsonb as before,
          jsonb_build_object('externalId', "externalId", 'importCustomerId', "importCustomerId", 'values', "values",
            'tagIds', "tagIds", 'bookerId', "bookerId") as after
        from r) as made`,
        // Counting what was written makes the position wait for it, so its lock is held for the shortest time.
        count: sql`select count(*) from written`,
      })}
      select * from written${rows.length === 1 ? sql`` : sql` where false`}`);

export const updateCustomers = (enterpriseId: string, rows: readonly CustomerWrite[], now: Date): Sql =>
  sql`update customers c
      set external_id = "externalId", import_customer_id = "importCustomerId", values = r."values",
        tag_ids = "tagIds", booker_id = "bookerId", first_name_key = "firstNameKey", last_name_key = "lastNameKey",
        company_name_key = "companyNameKey", email_key = "emailKey",
        search = array_to_tsvector("searchWords"), version = c.version + 1, updated_at = ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(${recordColumns})
      where c.enterprise_id = ${enterpriseId} and c.id = r.id`;

/** Clears external and import ids that other customers of the same write take over. */
export const clearExternalIds = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`update customers set external_id = null, import_customer_id = null
      where enterprise_id = ${enterpriseId} and id = any(${ids}::text[])`;

export const deleteCustomers = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`delete from customers where enterprise_id = ${enterpriseId} and id = any(${ids}::text[])`;

export const deleteUniqueValues = (enterpriseId: string, values: readonly UniqueValue[]): Sql =>
  sql`delete from unique_values
      where enterprise_id = ${enterpriseId}
        and (field_number, key) in (select * from unnest(${values.map((value) => value.fieldKey)}::smallint[],
                                                     ${values.map((value) => value.key)}::text[]))`;

export const insertUniqueValues = (enterpriseId: string, values: readonly TakenValue[]): Sql =>
  sql`insert into unique_values (enterprise_id, field_number, key, customer_id)
      select ${enterpriseId}, * from unnest(${values.map((value) => value.fieldKey)}::smallint[],
        ${values.map((value) => value.key)}::text[], ${values.map((value) => value.customerId)}::text[])
      order by 2, 3`;

/**
 * Adjusts the stored number of customers: counting a million rows would dominate a list of 50. Sixteen
 * counters keep concurrent writers from contending for one row.
 */
export const adjustCustomerCount = (enterpriseId: string, difference: number): Sql =>
  sql`insert into customer_counts (enterprise_id, slot, customers)
      values (${enterpriseId}, pg_backend_pid() % 16, ${difference})
      on conflict (enterprise_id, slot) do update set customers = customer_counts.customers + excluded.customers`;
