import type { Call } from "../../call.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { appendFrom } from "../../journal/append.ts";

/** A recreated customer and the journal entry of its deletion. */
export type CustomerDeletion = { customerId: string; deletionNumber: number };

/**
 * Restores the bookings that were anonymised when the customers were deleted, except those assigned to a
 * customer since. The deletion's transaction also journaled the bookings, so its time finds them by index.
 */
export const restoreBookings = (call: Call, deletions: readonly CustomerDeletion[]): Sql => {
  const { enterpriseId } = call.database;
  const customerIds = deletions.map(({ customerId }) => customerId);
  const numbers = deletions.map(({ deletionNumber }) => deletionNumber);
  return sql`
    with deletion as (
      select distinct at from changes
      where enterprise_id = ${enterpriseId} and subject_id = any(${customerIds}::uuid[])
        and number = any(${numbers}::bigint[])
    ), lost as (
      select c.number, c.subject_id, id_of_text(c.before ->> 'customerId') as customer_id from deletion d join changes c
        on c.enterprise_id = ${enterpriseId} and c.at = d.at
      where c.reason = 'customer_deleted' and c.before ->> 'customerId' = any(${customerIds}::text[])
        and not exists (
          select from changes l
          where l.enterprise_id = ${enterpriseId} and l.subject_id = c.subject_id and l.number > c.number
            and l.before ? 'customerId'
        )
    ), free as (
      select e.id, l.customer_id from events e join lost l on e.id = l.subject_id
      where e.enterprise_id = ${enterpriseId} and e.customer_id is null
      order by e.id for update of e
    ), given as (
      update events e set customer_id = free.customer_id, updated_at = ${call.now}
      from free where e.enterprise_id = ${enterpriseId} and e.id = free.id
      returning e.id, e.type, e.customer_id
    ), counted as (
      update customer_versions v set total_bookings = g.bookings
      from (select customer_id, count(*) as bookings from given where type = 'booking' group by 1) g
      where v.enterprise_id = ${enterpriseId} and v.customer_id = g.customer_id
    ), changed as (
      select id as "subjectId", 'updated' as kind, 0 as version, null::integer as "importLine",
        jsonb_build_object('customerId', null) as before, jsonb_build_object('customerId', text_of_id(customer_id)) as after
      from given
    ), ${appendFrom(call, "event", "customer_restored", {
      rows: sql`changed`,
      count: sql`select count(*) from changed`,
    })}`;
};
