import { sql } from "../../database/sql.ts";
import { isOnlyRun } from "../../jobs/only-run.ts";
import type { Purge } from "../../jobs/purge.ts";
import { retentionHours } from "./idempotency.ts";

const keysAtOnce = 5_000;

export const idempotencyKeyPurge: Purge = {
  async deletePart({ housekeeping }, now) {
    const { rowCount } = await housekeeping.many(
      sql`delete from idempotency_keys k using (
            select enterprise_id, caller_id, key from idempotency_keys
            where created_at <= ${now}::timestamptz - make_interval(hours => ${retentionHours})
              and ${isOnlyRun("idempotency-keys")}
            order by created_at limit ${keysAtOnce}) expired
          where k.enterprise_id = expired.enterprise_id and k.caller_id = expired.caller_id and k.key = expired.key`,
    );
    return rowCount;
  },
};
