import type pg from "pg";
import type { Logger } from "pino";
import { writingAs } from "../database/as-enterprise.ts";
import { sql } from "../database/sql.ts";
import { keptHours } from "../http/idempotency.ts";
import { causeOf } from "../http/log-cause.ts";

const everyMs = 3_600_000;

/** Deletes what no request can be answered with any more, enterprise by enterprise. Returns how many. */
export async function purgeIdempotencyKeys(operator: pg.Pool, now: Date): Promise<number> {
  const { rows } = await operator.query<{ id: string }>("select id from enterprises order by id");
  let purged = 0;
  for (const { id: enterpriseId } of rows) {
    await writingAs(operator, { enterpriseId, app: null }, {}, async (database) => {
      const [deleted] = await database.batch([
        sql`delete from idempotency_keys where enterprise_id = ${enterpriseId}
            and created_at <= ${now}::timestamptz - make_interval(hours => ${keptHours})`,
      ]);
      purged += deleted!.count;
    });
  }
  return purged;
}

/** Purges now and every hour until the function that it returns is called. A purge that fails is tried again. */
export function startPurging(operator: pg.Pool, log: Logger): () => Promise<void> {
  let running = Promise.resolve();
  const purge = () => {
    running = purgeIdempotencyKeys(operator, new Date()).then(
      (purged) => log.info({ event: "idempotency-keys-purged", purged }, "idempotency keys purged"),
      (error) => log.warn({ event: "purge-failed", cause: causeOf(error) }, "purging failed"),
    );
  };
  purge();
  const timer = setInterval(purge, everyMs).unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}
