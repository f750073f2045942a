import type { Call } from "../../call.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { appendFrom } from "../../journal/append.ts";

/** A customer that comes back, and the change that had deleted it. */
export type Return = { customerId: string; deletionId: number };

/**
 * Gives customers that come back the events that were made anonymous when they were deleted, unless somebody has had
 * them since. They were written to the journal by the transaction of the deletion: that is the index.
 */
export const giveBack = (call: Call, returns: readonly Return[]): Sql => {
  const { enterpriseId } = call.database;
  const customerIds = returns.map(({ customerId }) => customerId);
  const deletionIds = returns.map(({ deletionId }) => deletionId);
  return sql`
    with deletion as (
      select distinct transaction_id, at from changes
      where enterprise_id = ${enterpriseId} and subject_id = any(${customerIds}::text[])
        and id = any(${deletionIds}::bigint[])
    ), lost as (
      select c.id, c.subject_id, c.before ->> 'customerId' as customer_id from deletion d join changes c
        on c.enterprise_id = ${enterpriseId} and c.transaction_id = d.transaction_id and c.at = d.at
      where c.subject = 'event' and c.before ->> 'customerId' = any(${customerIds}::text[])
        and not exists (
          select from changes l
          where l.enterprise_id = ${enterpriseId} and l.subject_id = c.subject_id and l.id > c.id
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
      update customers c set total_bookings = g.bookings
      from (select customer_id, count(*) as bookings from given where type = 'booking' group by 1) g
      where c.enterprise_id = ${enterpriseId} and c.id = g.customer_id
    ), changed as (
      select id as "subjectId", 'updated' as kind, 0 as version, null::integer as "importLine",
        jsonb_build_object('customerId', null) as before, jsonb_build_object('customerId', customer_id) as after
      from given
    ) ${appendFrom(call, "event", "customer_restored", sql`changed`)}`;
};
