import { sql } from "../../database/sql.ts";
import { isOnlyRun } from "../../jobs/only-run.ts";
import type { Purge } from "../../jobs/purge.ts";

/** As the contract promises. */
const retentionDays = 30;
const deliveriesAtOnce = 1_000;

/** Deletes finished deliveries, with their attempts. */
export const deliveryPurge: Purge = {
  async deletePart({ housekeeping }, now) {
    const { rowCount } = await housekeeping.many(
      sql`delete from webhook_deliveries d using (
            select enterprise_id, webhook_id, id from webhook_deliveries
            where status <> 'pending' and created_at <= ${now}::timestamptz - make_interval(days => ${retentionDays})
              and ${isOnlyRun("webhook-deliveries")}
            order by created_at limit ${deliveriesAtOnce}) expired
          where d.enterprise_id = expired.enterprise_id and d.webhook_id = expired.webhook_id and d.id = expired.id`,
    );
    return rowCount;
  },
};
