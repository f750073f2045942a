import type { Call } from "../../call.ts";
import type { Definitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { maybeOne, type QueryOfMaybeOne, type Sql, sql } from "../../database/sql.ts";
import { type CustomerRef, idOfRef } from "../customer-ref.ts";
import { textOf } from "../derived/derive.ts";
import type { Values } from "../values.ts";
import { changedAt, lockAndRead } from "../version-store.ts";

/** The customer shown in an event. */
export type EventCustomer = { id: string; externalId: string | null; values: Values };

export const findEventCustomer = (enterpriseId: string, ref: CustomerRef): QueryOfMaybeOne<EventCustomer> =>
  maybeOne(sql`select id, external_id as "externalId", values from customers
      where enterprise_id = ${enterpriseId} and id = ${idOfRef(enterpriseId, ref)}`);

/** First and last name, without those that are empty. */
export const fullNameOf = (definitions: Definitions, { values }: EventCustomer): string =>
  ["firstName", "lastName"]
    .map((defaultId) => textOf(definitions, values, defaultId))
    .filter((name) => name !== "")
    .join(" ");

export type LockedCustomer = { id: string; externalId: string | null };

/**
 * Locks the customers of events, before any event, so that none is deleted in the meantime. `ids` is a subquery; `read`
 * sends the lock and then the statement that reads the locked customers.
 */
export function lockEventCustomers<
  Found extends { locked: readonly { id: string }[]; customers: readonly LockedCustomer[] },
>(
  database: EnterpriseDatabase,
  ids: Sql,
  externalIds: readonly string[],
  read: (lock: Sql<{ id: string }>, customers: Sql<LockedCustomer>) => Promise<Found>,
): Promise<Found> {
  const { enterpriseId } = database;
  const customerIds = sql`${ids}
      union select id from customers
        where enterprise_id = ${enterpriseId} and external_id = any(${externalIds}::text[])`;
  const customers = sql<LockedCustomer>`select id, external_id as "externalId" from customers
      where enterprise_id = ${enterpriseId} and id in (${customerIds})`;
  return lockAndRead(database, customerIds, (lock) => read(lock, customers));
}

/** Adjusts booking counts. They are part of the customer's JSON, so its version and `updatedAt` change. */
export const adjustBookingCounts = (call: Call, differences: ReadonlyMap<string, number>): Sql =>
  sql`update customer_versions v
      set version = v.version + 1, updated_at = ${changedAt(call)}, total_bookings = v.total_bookings + d.difference
      from unnest(${[...differences.keys()]}::uuid[], ${[...differences.values()]}::integer[])
        as d(id, difference)
      where v.enterprise_id = ${call.database.enterpriseId} and v.customer_id = d.id`;
