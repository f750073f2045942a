import { sql } from "../../database/sql.ts";
import type { Purge } from "../../jobs/purge.ts";
import { keptHours } from "./idempotency.ts";

/** What no request can be answered with any more. */
export const idempotencyKeys: Purge = {
  of: "idempotency-keys",
  async some(database, now) {
    const { rowCount } = await database.many(
      sql`delete from idempotency_keys where enterprise_id = ${database.enterpriseId}
          and created_at <= ${now}::timestamptz - make_interval(hours => ${keptHours})`,
    );
    return rowCount;
  },
};
