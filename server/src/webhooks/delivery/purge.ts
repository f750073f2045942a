import { type Sql, sql } from "../../database/sql.ts";
import type { EnterprisePurge } from "../../jobs/purge.ts";

/** As the contract promises. */
const retentionDays = 30;
const deliveriesAtOnce = 1_000;

const expired = (enterpriseId: Sql | string, now: Date): Sql =>
  sql`from webhook_deliveries d where d.enterprise_id = ${enterpriseId} and d.status <> 'pending'
    and d.created_at <= ${now}::timestamptz - make_interval(days => ${retentionDays})`;

/** Deletes finished deliveries. */
export const deliveryPurge: EnterprisePurge = {
  selectExpired: (enterpriseId, now) => sql`select ${expired(enterpriseId, now)}`,
  async deletePart({ enterpriseId, batch }, now) {
    const [deleted] = await batch([
      sql`delete from webhook_deliveries d using (
            select d.webhook_id, d.id ${expired(enterpriseId, now)} limit ${deliveriesAtOnce}) old
          where d.enterprise_id = ${enterpriseId} and d.webhook_id = old.webhook_id and d.id = old.id`,
    ]);
    return deleted.rowCount;
  },
};
