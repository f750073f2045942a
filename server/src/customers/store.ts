import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Query, type Sql, sql, type TextRow, textRows } from "../database/sql.ts";
import type { Address } from "./address.ts";
import type { Derived, Values } from "./derived/derive.ts";
import type { CustomerRow } from "./render.ts";

/** What a customer is, apart from what is derived of it. */
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

/** The columns of a CustomerRow, in its order, of `customers c`. */
export const renderedColumns: Sql = sql`c.id, c.external_id, c.values, c.tag_ids, c.total_bookings, c.created_at,
  c.updated_at, c.version`;
export const renderedWidth = 8;

export const columnsOfState = sql`id, external_id as "externalId", import_customer_id as "importCustomerId", values,
  tag_ids as "tagIds", booker_id as "bookerId", total_bookings as "totalBookings", version`;

const addressed = (address: Address): Sql =>
  "id" in address ? sql`id = ${address.id}` : sql`external_id = ${address.externalId}`;

export const fetchRow = (database: EnterpriseDatabase, address: Address): Promise<CustomerRow | undefined> =>
  database.maybeOne(
    textRows(sql`select ${renderedColumns} from customers c
        where enterprise_id = ${database.enterpriseId} and ${addressed(address)}`),
  );

/** The customer for a write that follows: no other write comes between. */
export async function lockOne(
  database: EnterpriseDatabase,
  address: Address,
): Promise<CustomerState | undefined> {
  return database.maybeOne(
    sql<CustomerState>`select ${columnsOfState} from customers
        where enterprise_id = ${database.enterpriseId} and ${addressed(address)} for update`,
  );
}

/**
 * The same for a customer that is not there, for one that brings it back: whoever else does waits, and finds it.
 */
export async function lockAbsent(
  database: EnterpriseDatabase,
  address: Address,
): Promise<CustomerState | undefined> {
  const name = `${database.enterpriseId} ${"id" in address ? address.id : address.externalId}`;
  await database.many(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
  return lockOne(database, address);
}

export type Sought = {
  ids: readonly string[];
  externalIds: readonly string[];
  importCustomerIds: readonly string[];
  uniqueValues: readonly UniqueValue[];
};

export type UniqueValue = { fieldId: string; key: string };
export type TakenValue = UniqueValue & { customerId: string };

/**
 * The customers that rows of a write may mean, locked in the order of their ids so that two writers of the same
 * ones wait for each other and never deadlock; and who has the unique values the rows want.
 */
export const lockSought = (database: EnterpriseDatabase, sought: Sought) =>
  find(database, sought, sql` for update`);

/** The same for a plan that nobody writes: nothing is locked. */
export const findSought = (database: EnterpriseDatabase, sought: Sought) => find(database, sought, sql``);

async function find(
  database: EnterpriseDatabase,
  { ids, externalIds, importCustomerIds, uniqueValues }: Sought,
  lock: Sql,
): Promise<{ customers: CustomerState[]; taken: TakenValue[] }> {
  const { enterpriseId } = database;
  const customers = sql<CustomerState>`select ${columnsOfState} from customers
      where enterprise_id = ${enterpriseId} and id in (
        select unnest(${ids}::text[])
        union select id from customers
          where enterprise_id = ${enterpriseId} and external_id = any(${externalIds}::text[])
        union select id from customers
          where enterprise_id = ${enterpriseId} and import_customer_id = any(${importCustomerIds}::text[])
      ) order by id${lock}`;
  if (uniqueValues.length === 0) return { customers: await database.many(customers), taken: [] };
  // Each statement sees more than the one before it. The customers are asked for again, so that whoever was made
  // meanwhile is not known by a value alone: a row that means such a customer would be told that it is taken.
  const [, taken, known] = await database.batch([
    customers,
    sql<TakenValue>`select field_id as "fieldId", key, customer_id as "customerId" from unique_values
        where enterprise_id = ${enterpriseId}
          and (field_id, key) in (select * from unnest(${uniqueValues.map((value) => value.fieldId)}::text[],
                                                       ${uniqueValues.map((value) => value.key)}::text[]))`,
    customers,
  ]);
  return { customers: known, taken };
}

/** A customer as it is written: its state and what is derived of it. One that comes back was made before. */
export type CustomerWrite = Omit<CustomerState, "totalBookings"> & Derived & { createdAt?: Date | undefined };

const recordColumns = sql`id text, "externalId" text, "importCustomerId" text, "values" jsonb, "tagIds" text[],
  "bookerId" text, "firstNameKey" text, "lastNameKey" text, "companyNameKey" text,
  "emailKey" text, "searchWords" text[], version integer, "createdAt" timestamptz`;

/** A customer that is made, and the row of an import that makes it. */
export type NewCustomer = CustomerWrite & { importLine: number | undefined };

/**
 * Makes customers and what the journal says of them, of one reading of the same rows. In the order of the external
 * ids, so that two writers of the same ones do not deadlock. `recordCreated` is the statement that writes the
 * changes it is given a source of.
 */
export const createCustomers = (
  enterpriseId: string,
  rows: readonly NewCustomer[],
  now: Date,
  recordCreated: (source: Sql) => Sql,
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
        returning ${renderedColumns}
      ), recorded as (${recordCreated(sql`(
        select id as "subjectId", 'created' as kind, version + 1 as version, "importLine", null::jsonb as before,
          jsonb_build_object('externalId', "externalId", 'importCustomerId', "importCustomerId", 'values', "values",
            'tagIds', "tagIds", 'bookerId', "bookerId") as after
        from r) as made`)})
      select * from written${rows.length === 1 ? sql`` : sql` where false`}`);

export const updateCustomers = (enterpriseId: string, rows: readonly CustomerWrite[], now: Date): Sql =>
  sql`update customers c
      set external_id = "externalId", import_customer_id = "importCustomerId", values = r."values",
        tag_ids = "tagIds", booker_id = "bookerId", first_name_key = "firstNameKey", last_name_key = "lastNameKey",
        company_name_key = "companyNameKey", email_key = "emailKey",
        search = array_to_tsvector("searchWords"), version = c.version + 1, updated_at = ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(${recordColumns})
      where c.enterprise_id = ${enterpriseId} and c.id = r.id`;

/** Takes their external and import ids off customers that are about to get others. */
export const releaseNames = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`update customers set external_id = null, import_customer_id = null
      where enterprise_id = ${enterpriseId} and id = any(${ids}::text[])`;

export const deleteCustomers = (enterpriseId: string, ids: readonly string[]): Sql =>
  sql`delete from customers where enterprise_id = ${enterpriseId} and id = any(${ids}::text[])`;

export const deleteUniqueValues = (enterpriseId: string, values: readonly UniqueValue[]): Sql =>
  sql`delete from unique_values
      where enterprise_id = ${enterpriseId}
        and (field_id, key) in (select * from unnest(${values.map((value) => value.fieldId)}::text[],
                                                     ${values.map((value) => value.key)}::text[]))`;

export const insertUniqueValues = (enterpriseId: string, values: readonly TakenValue[]): Sql =>
  sql`insert into unique_values (enterprise_id, field_id, key, customer_id)
      select ${enterpriseId}, * from unnest(${values.map((value) => value.fieldId)}::text[],
        ${values.map((value) => value.key)}::text[], ${values.map((value) => value.customerId)}::text[])
      order by 2, 3`;

/**
 * How many customers an enterprise has is kept, not counted: a list of 50 among a million must not read them all.
 * Sixteen counters, so that writers seldom meet on one.
 */
export const addToCount = (enterpriseId: string, difference: number): Sql =>
  sql`insert into customer_counts (enterprise_id, slot, customers)
      values (${enterpriseId}, pg_backend_pid() % 16, ${difference})
      on conflict (enterprise_id, slot) do update set customers = customer_counts.customers + excluded.customers`;
