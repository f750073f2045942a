import type { Logger } from "pino";
import type { Pools } from "../database/pools.ts";
import { causeOf } from "../logging/error-cause.ts";
import type { PurgeKind } from "./job-kinds.ts";
import type { PeriodicJob } from "./periodic.ts";

export type PurgePools = Pick<Pools, "housekeeping" | "operator">;

/** Deletes the rows of one kind whose retention period is over, of all enterprises. */
export type Purge = {
  /** Deletes a bounded part of them. Returns how many rows, or partitions; 0 when none is left. */
  deletePart(pools: PurgePools, now: Date): Promise<number>;
};

const everyMs = 3_600_000;

/** Deletes everything that has expired, each part in its own transaction. Returns how many rows. */
export async function purge(
  pools: PurgePools,
  { deletePart }: Purge,
  now: Date,
  signal?: AbortSignal,
): Promise<number> {
  let deletedTotal = 0;
  for (let deleted = 1; deleted > 0 && !signal?.aborted; deletedTotal += deleted)
    deleted = await deletePart(pools, now);
  return deletedTotal;
}

/** Purges at the start and every hour. A purge that fails does not hold up the others. */
export const purgeJob = (
  pools: PurgePools,
  purges: Readonly<Record<PurgeKind, Purge>>,
  log: Logger,
): PeriodicJob => ({
  kind: "purge",
  everyMs,
  deadlineMs: 1_800_000,
  runsAt: "start",
  async run(signal) {
    for (const [of, rows] of Object.entries(purges)) {
      if (signal.aborted) return;
      await purge(pools, rows, new Date(), signal).then(
        (deleted) => log.info({ event: "purged", of, deleted }, "purged"),
        (error) => log.warn({ event: "purge-failed", of, cause: causeOf(error) }, "purge failed"),
      );
    }
  },
});
