import { sql } from "../../database/sql.ts";
import type { Purge } from "../../jobs/purge.ts";

/** As the contract says. */
const keptDays = 30;
const deliveriesAtOnce = 1_000;

/** Deliveries that are over, and past their time. */
export const webhookDeliveries: Purge = {
  of: "webhook-deliveries",
  async some({ enterpriseId, batch }, now) {
    const [deleted] = await batch([
      sql`delete from webhook_deliveries d using (
            select o.webhook_id, o.id from webhook_deliveries o
            where o.enterprise_id = ${enterpriseId} and o.status <> 'pending'
              and o.created_at <= ${now}::timestamptz - make_interval(days => ${keptDays})
            limit ${deliveriesAtOnce}) old
          where d.enterprise_id = ${enterpriseId} and d.webhook_id = old.webhook_id and d.id = old.id`,
    ]);
    return deleted.rowCount;
  },
};
