import type { Call } from "../call.ts";
import { type Sql, sql } from "../database/sql.ts";
import { appendFrom } from "../journal/append.ts";

/**
 * Gives a customer that comes back the events that were made anonymous when it was deleted, unless somebody has had
 * them since. They were written to the journal by the transaction of the deletion, `deletionId`: that is the index.
 */
export const giveBack = (call: Call, customerId: string, deletionId: number): Sql => {
  const { enterpriseId } = call.database;
  return sql`
    with deletion as (
      select transaction_id, at from changes
      where enterprise_id = ${enterpriseId} and subject_id = ${customerId} and id = ${deletionId}
    ), lost as (
      select c.id, c.subject_id from deletion d join changes c
        on c.enterprise_id = ${enterpriseId} and c.transaction_id = d.transaction_id and c.at = d.at
      where c.subject = 'event' and c.before ->> 'customerId' = ${customerId}
        and not exists (
          select from changes l
          where l.enterprise_id = ${enterpriseId} and l.subject_id = c.subject_id and l.id > c.id
            and l.before ? 'customerId'
        )
    ), free as (
      select e.id from events e
      where e.enterprise_id = ${enterpriseId} and e.id in (select subject_id from lost) and e.customer_id is null
      order by e.id for update
    ), given as (
      update events e set customer_id = ${customerId}, updated_at = ${call.now}
      from free where e.enterprise_id = ${enterpriseId} and e.id = free.id
      returning e.id, e.type
    ), counted as (
      update customers set total_bookings = (select count(*) from given where type = 'booking')
      where enterprise_id = ${enterpriseId} and id = ${customerId}
    ), changed as (
      select id as "subjectId", 'updated' as kind, 0 as version, null::integer as "importLine",
        jsonb_build_object('customerId', null) as before, jsonb_build_object('customerId', ${customerId}::text) as after
      from given
    ) ${appendFrom(call, "event", "customer_restored", sql`changed`)}`;
};
