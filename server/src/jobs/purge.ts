import type pg from "pg";
import type { Logger } from "pino";
import { type Caller, type EnterpriseDatabase, writingAs } from "../database/as-enterprise.ts";
import { causeOf } from "../logging/error-cause.ts";

const everyMs = 3_600_000;

/** Something that is kept for a time. */
export type Purge = { of: string } & (
  | {
      /** Deletes some of what is past its time, no more than is soon done. Returns how many, 0 when nothing is left. */
      some(database: EnterpriseDatabase, now: Date): Promise<number>;
    }
  | {
      /** Deletes what is past its time in all enterprises at once. */
      all(operator: pg.Pool, now: Date): Promise<number>;
    }
);

/** Deletes all that is past its time, enterprise by enterprise, each part in a transaction of its own. */
export async function purge(operator: pg.Pool, it: Purge, now: Date, signal?: AbortSignal): Promise<number> {
  if ("all" in it) return it.all(operator, now);
  const { rows } = await operator.query<{ id: string }>("select id from enterprises order by id");
  let purged = 0;
  for (const { id: enterpriseId } of rows) {
    for (let deleted = 1; deleted > 0 && !signal?.aborted; purged += deleted) {
      const caller: Caller = { enterpriseId, kind: "operator" };
      deleted = await writingAs(operator, caller, {}, (database) => it.some(database, now));
    }
  }
  return purged;
}

/** Purges now and every hour until the function that it returns is called. A purge that fails is tried again. */
export function startPurging(operator: pg.Pool, log: Logger, purges: readonly Purge[]): () => Promise<void> {
  const stopping = new AbortController();
  const purgeAll = async () => {
    for (const it of purges) {
      await purge(operator, it, new Date(), stopping.signal).then(
        (purged) => log.info({ event: `${it.of}-purged`, purged }, `${it.of} purged`),
        (error) => log.warn({ event: "purge-failed", of: it.of, cause: causeOf(error) }, "purging failed"),
      );
    }
  };
  let running = purgeAll();
  const timer = setInterval(() => {
    running = running.then(purgeAll);
  }, everyMs).unref();
  return () => {
    clearInterval(timer);
    stopping.abort();
    return running;
  };
}
