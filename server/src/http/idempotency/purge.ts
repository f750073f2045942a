import { type Sql, sql } from "../../database/sql.ts";
import type { EnterprisePurge } from "../../jobs/purge.ts";
import { retentionHours } from "./idempotency.ts";

const expired = (enterpriseId: Sql | string, now: Date): Sql =>
  sql`from idempotency_keys where enterprise_id = ${enterpriseId}
    and created_at <= ${now}::timestamptz - make_interval(hours => ${retentionHours})`;

export const idempotencyKeyPurge: EnterprisePurge = {
  selectExpired: (enterpriseId, now) => sql`select ${expired(enterpriseId, now)}`,
  async deletePart({ enterpriseId, batch }, now) {
    const [deleted] = await batch([sql`delete ${expired(enterpriseId, now)}`]);
    return deleted.rowCount;
  },
};
