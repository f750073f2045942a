import type { Call } from "../call.ts";
import { type Sql, sql } from "../database/sql.ts";
import { appendFrom } from "../journal/append.ts";

/** What a customer booked stays when the customer is deleted, without the person. */
export const anonymise = (call: Call, customerId: string): Sql => sql`
  with anonymised as (
    update events set customer_id = null, updated_at = ${call.now}
    where enterprise_id = ${call.database.enterpriseId} and customer_id = ${customerId}
    returning id as "subjectId", 'updated' as kind, 0 as version, null::integer as "importLine",
      jsonb_build_object('customerId', ${customerId}::text) as before,
      jsonb_build_object('customerId', null) as after
  ) ${appendFrom(call, "event", "customer_deleted", sql`anonymised`)}`;
