import type { FieldKey } from "../custom-fields/values/field-key.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { uuidOf } from "../database/id-codec.ts";
import { type Sql, sql, textRows } from "../database/sql.ts";
import type { ChangeSource } from "../journal/append.ts";
import type { CustomerRow } from "./customer-json.ts";
import type { CustomerRef } from "./customer-ref.ts";
import type { Derived } from "./derived/derive.ts";
import type { Values } from "./values.ts";
import { lockAndRead, withVersion } from "./version-store.ts";

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

/** The attributes of a customer that the journal records. */
export type RecordedState = Omit<CustomerState, "id" | "totalBookings" | "version">;

/** The columns of a CustomerRow, in order, of `customers c` with its version `v`. */
export const customerRowColumns: Sql = sql`c.id, c.external_id, c.values, c.tag_ids, v.total_bookings, v.updated_at,
  v.version`;
export const customerRowWidth = 7;

/** The columns of a CustomerState, of `customers c` with its version `v`. */
export const stateColumns = sql`c.id, c.external_id as "externalId", c.import_customer_id as "importCustomerId",
  c.values, c.tag_ids as "tagIds", c.booker_id as "bookerId", v.total_bookings as "totalBookings", v.version`;

const matchesRef = (ref: CustomerRef): Sql =>
  "id" in ref ? sql`c.id = ${ref.id}` : sql`c.external_id = ${ref.externalId}`;

export const fetchRow = (database: EnterpriseDatabase, ref: CustomerRef): Promise<CustomerRow | undefined> =>
  database.maybeOne(
    textRows(sql`select ${customerRowColumns} from customers c ${withVersion(database.enterpriseId)}
        where c.enterprise_id = ${database.enterpriseId} and ${matchesRef(ref)}`),
  );

/** Locks the customer until the transaction ends; undefined when it does not exist. */
export async function lockCustomer(
  database: EnterpriseDatabase,
  ref: CustomerRef,
): Promise<CustomerState | undefined> {
  const { customers } = await readCandidates(
    database,
    {
      ids: "id" in ref ? [ref.id] : [],
      externalIds: "id" in ref ? [] : [ref.externalId],
      importCustomerIds: [],
      uniqueValues: [],
    },
    true,
  );
  return customers[0];
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
  readCandidates(database, keys, true);

/** The same without locks, for a dry run. */
export const findCandidates = (database: EnterpriseDatabase, keys: LookupKeys) =>
  readCandidates(database, keys, false);

async function readCandidates(
  database: EnterpriseDatabase,
  { ids, externalIds, importCustomerIds, uniqueValues }: LookupKeys,
  areLocked: boolean,
): Promise<{ customers: readonly CustomerState[]; taken: readonly TakenValue[] }> {
  const { enterpriseId } = database;
  const candidateIds = sql`select unnest(${ids}::uuid[])
      union select id from customers
        where enterprise_id = ${enterpriseId} and external_id = any(${externalIds}::text[])
      union select id from customers
        where enterprise_id = ${enterpriseId} and import_customer_id = any(${importCustomerIds}::text[])`;
  const customers = sql<CustomerState>`select ${stateColumns} from customers c ${withVersion(enterpriseId)}
      where c.enterprise_id = ${enterpriseId} and c.id in (${candidateIds}) order by c.id`;
  const holders = sql<TakenValue>`select field_number::text as "fieldKey", key, customer_id as "customerId"
      from unique_values where enterprise_id = ${enterpriseId}
        and (field_number, key) in (select * from unnest(${uniqueValues.map((value) => value.fieldKey)}::smallint[],
                                                         ${uniqueValues.map((value) => value.key)}::text[]))`;
  // Holders are read before customers, so that a customer created in between is matched and its unique value is not
  // reported as taken by another customer.
  const read = async (lock: Sql<{ id: string }>) => {
    if (uniqueValues.length === 0) {
      const [locked, known] = await database.batch([lock, customers]);
      return { locked, customers: known, taken: [] };
    }
    const [locked, taken, known] = await database.batch([lock, holders, customers]);
    return { locked, customers: known, taken };
  };
  return areLocked ? lockAndRead(database, candidateIds, read) : read(sql`select null as id where false`);
}

/** A customer with its derived columns. */
export type CustomerWrite = Omit<CustomerState, "totalBookings"> & Derived;

const recordColumns = sql`id uuid, "externalId" text, "importCustomerId" text, "values" jsonb, "tagIds" uuid[],
  "bookerId" text, "firstNameKey" text, "lastNameKey" text, "companyNameKey" text,
  "emailKey" text, "searchWords" text[], version integer`;

const recordsOf = (rows: readonly CustomerWrite[]): string =>
  JSON.stringify(rows.map((row) => ({ ...row, id: uuidOf(row.id), tagIds: row.tagIds.map(uuidOf) })));

/** A new customer, and the row of the import that creates it. */
export type NewCustomer = CustomerWrite & { importLine: number | undefined };

/**
 * Inserts customers and their journal entries from one reading of the same rows, ordered by external id so
 * that concurrent writers do not deadlock. `journalCreated` builds the CTEs that append the entries of a source.
 */
export const createCustomers = (
  enterpriseId: string,
  rows: readonly NewCustomer[],
  journalCreated: (source: ChangeSource) => Sql,
): Sql =>
  sql`with r as materialized (
        select * from json_to_recordset(${recordsOf(rows)}::json) as r(${recordColumns}, "importLine" integer)
      ), written as (
        insert into customers (enterprise_id, id, external_id, import_customer_id, values, tag_ids, booker_id,
          first_name_key, last_name_key, company_name_key, email_key, search)
        select ${enterpriseId}, id, "externalId", "importCustomerId", "values", "tagIds", "bookerId",
          "firstNameKey", "lastNameKey", nullif("companyNameKey", ''), "emailKey", array_to_tsvector("searchWords")
        from r order by "externalId", "importCustomerId", id
        returning 1
      ), ${journalCreated({
        rows: sql`(
        select id as "subjectId", 'created' as kind, version + 1 as version, "importLine", null::jsonb as before,
          null::jsonb as after
        from r) as made`,
        // The count reads the written rows, so PostgreSQL locks the position after writing them.
        count: sql`select count(*) from written`,
      })}`;

/** Writes changed customers. Their versions are raised by a statement of their own. */
export const updateCustomers = (enterpriseId: string, rows: readonly CustomerWrite[]): Sql =>
  sql`update customers c
      set external_id = "externalId", import_customer_id = "importCustomerId", values = r."values",
        tag_ids = "tagIds", booker_id = "bookerId", first_name_key = "firstNameKey", last_name_key = "lastNameKey",
        company_name_key = nullif("companyNameKey", ''), email_key = "emailKey", search = array_to_tsvector("searchWords")
      from json_to_recordset(${recordsOf(rows)}::json) as r(${recordColumns})
      where c.enterprise_id = ${enterpriseId} and c.id = r.id`;

/** Clears external and import ids that other customers of the same write take over. */
export const clearExternalIds = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`update customers set external_id = null, import_customer_id = null
      where enterprise_id = ${enterpriseId} and id = any(${ids}::uuid[])`;

export const deleteCustomers = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`delete from customers where enterprise_id = ${enterpriseId} and id = any(${ids}::uuid[])`;

export const deleteUniqueValues = (enterpriseId: string, values: readonly UniqueValue[]): Sql =>
  sql`delete from unique_values
      where enterprise_id = ${enterpriseId}
        and (field_number, key) in (select * from unnest(${values.map((value) => value.fieldKey)}::smallint[],
                                                     ${values.map((value) => value.key)}::text[]))`;

export const insertUniqueValues = (enterpriseId: string, values: readonly TakenValue[]): Sql =>
  sql`insert into unique_values (enterprise_id, field_number, key, customer_id)
      select ${enterpriseId}, * from unnest(${values.map((value) => value.fieldKey)}::smallint[],
        ${values.map((value) => value.key)}::text[], ${values.map((value) => value.customerId)}::uuid[])
      order by 2, 3`;

/**
 * Adjusts the stored number of customers: counting a million rows would dominate a list of 50. Sixteen
 * counters keep concurrent writers from contending for one row.
 */
export const adjustCustomerCount = (enterpriseId: string, difference: number): Sql =>
  sql`insert into customer_counts (enterprise_id, slot, customers)
      values (${enterpriseId}, pg_backend_pid() % 16, ${difference})
      on conflict (enterprise_id, slot) do update set customers = customer_counts.customers + excluded.customers`;
