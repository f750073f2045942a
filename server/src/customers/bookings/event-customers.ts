import type { Definitions } from "../../custom-fields/definitions.ts";
import { maybeOne, type QueryOfMaybeOne, type Sql, sql } from "../../database/sql.ts";
import { type CustomerRef, idOfRef } from "../customer-ref.ts";
import { textOf } from "../derived/derive.ts";
import type { Values } from "../values.ts";

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
 * Locks the customers of events, ordered by id and before any event, so that none is deleted in the meantime
 * and concurrent writers never deadlock. `ids` is a subquery for `in (…)`.
 */
export const lockEventCustomers = (
  enterpriseId: string,
  ids: Sql,
  externalIds: readonly string[],
): Sql<LockedCustomer> =>
  sql`select id, external_id as "externalId" from customers
      where enterprise_id = ${enterpriseId} and id in (
        ${ids}
        union select id from customers
          where enterprise_id = ${enterpriseId} and external_id = any(${externalIds}::text[])
      ) order by id for update`;

/**
 * Adjusts booking counts. The customer's JSON changes, so its version and ETag do; `updated_at` and the
 * history do not, because nobody edited the customer.
 */
export const adjustBookingCounts = (enterpriseId: string, differences: ReadonlyMap<string, number>): Sql =>
  sql`update customers c set total_bookings = c.total_bookings + d.difference, version = c.version + 1
      from unnest(${[...differences.keys()]}::text[], ${[...differences.values()]}::integer[])
        as d(id, difference)
      where c.enterprise_id = ${enterpriseId} and c.id = d.id`;
