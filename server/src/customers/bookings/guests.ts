import type { Definitions } from "../../custom-fields/definitions.ts";
import { maybeOne, type QueryOfMaybeOne, type Sql, sql } from "../../database/sql.ts";
import { type Address, idAt } from "../address.ts";
import { textOf, type Values } from "../derived/derive.ts";

/** A customer as its events show it. */
export type Guest = { id: string; externalId: string | null; values: Values };

export const findGuest = (enterpriseId: string, address: Address): QueryOfMaybeOne<Guest> =>
  maybeOne(sql`select id, external_id as "externalId", values from customers
      where enterprise_id = ${enterpriseId} and id = ${idAt(enterpriseId, address)}`);

/** First and last name, as far as they are set. */
export const fullNameOf = (definitions: Definitions, { values }: Guest): string =>
  ["firstName", "lastName"]
    .map((defaultId) => textOf(definitions, values, defaultId))
    .filter((name) => name !== "")
    .join(" ");

/** A customer that a write of events has locked. */
export type LockedGuest = { id: string; externalId: string | null };

/**
 * Locks customers for a write of their events, in the order of their ids and before any event: so nobody deletes
 * them meanwhile, and two writers wait for each other and never deadlock. `ids` is what an `in (…)` may hold.
 */
export const lockGuests = (
  enterpriseId: string,
  ids: Sql,
  externalIds: readonly string[],
): Sql<LockedGuest> =>
  sql`select id, external_id as "externalId" from customers
      where enterprise_id = ${enterpriseId} and id in (
        ${ids}
        union select id from customers
          where enterprise_id = ${enterpriseId} and external_id = any(${externalIds}::text[])
      ) order by id for update`;

/**
 * Counts bookings up or down. The customer is answered otherwise from now on, so its version moves and with it the
 * ETag; but nobody has written to it, so the time of its last change and its history stay.
 */
export const addBookings = (enterpriseId: string, differences: ReadonlyMap<string, number>): Sql =>
  sql`update customers c set total_bookings = c.total_bookings + d.difference, version = c.version + 1
      from unnest(${[...differences.keys()]}::text[], ${[...differences.values()]}::integer[])
        as d(id, difference)
      where c.enterprise_id = ${enterpriseId} and c.id = d.id`;
