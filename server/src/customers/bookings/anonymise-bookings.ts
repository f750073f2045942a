import type { Call } from "../../call.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { appendFrom } from "../../journal/append.ts";

/** Removes the customer from the bookings of deleted customers; the bookings stay. */
export const anonymiseBookings = (call: Call, customerIds: readonly string[]): Sql => sql`
  with had as (
    select enterprise_id, id, customer_id from events
    where enterprise_id = ${call.database.enterpriseId} and customer_id = any(${customerIds}::uuid[])
  ), anonymised as (
    update events e set customer_id = null, updated_at = ${call.now}
    from had where (e.enterprise_id, e.id) = (had.enterprise_id, had.id)
    returning e.id as "subjectId", 'updated' as kind, 0 as version, null::integer as "importLine",
      jsonb_build_object('customerId', text_of_id(had.customer_id)) as before,
      jsonb_build_object('customerId', null) as after
  ), ${appendFrom(call, "event", "customer_deleted", {
    rows: sql`anonymised`,
    count: sql`select count(*) from anonymised`,
  })}`;
