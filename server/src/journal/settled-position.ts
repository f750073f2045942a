import type { HousekeepingPool } from "../database/pools.ts";
import { type Sql, sql } from "../database/sql.ts";
import { isOnlyRun } from "../jobs/only-run.ts";
import type { PeriodicJob } from "../jobs/periodic.ts";

/**
 * Whether changes that an enterprise made at `at` may have been invisible at a later time. Its transactions become
 * visible in the order of their times, so only the last one before `time` can, and not if it was settled by then.
 */
export const mayHaveBeenInvisible = (enterpriseId: string, at: Sql, time: Date): Sql =>
  sql`not exists (select from positions where enterprise_id = ${enterpriseId}
    and settled_at <= ${time} and settled_until >= ${at})`;

const positionsAtOnce = 500;

/**
 * Notes that the last changes of every enterprise are visible now. Skips an enterprise that is being written to: its
 * position is noted by the next call. Returns the number of positions.
 */
export async function settlePositions(housekeeping: HousekeepingPool, signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (let settled = positionsAtOnce; settled === positionsAtOnce && !signal?.aborted; total += settled) {
    const { rowCount } = await housekeeping.many(
      sql`update positions p set settled_at = clock_timestamp(), settled_until = p.at
          from (
            select enterprise_id from positions
            where settled_until < at and ${isOnlyRun("settle-positions")}
            limit ${positionsAtOnce} for no key update skip locked) unsettled
          where p.enterprise_id = unsettled.enterprise_id`,
    );
    settled = rowCount;
  }
  return total;
}

/** One statement for all enterprises every half minute. */
export const settlePositionsJob = (housekeeping: HousekeepingPool): PeriodicJob => ({
  kind: "settle-positions",
  everyMs: 30_000,
  deadlineMs: 60_000,
  runsAt: "start",
  run: async (signal) => {
    await settlePositions(housekeeping, signal);
  },
});
