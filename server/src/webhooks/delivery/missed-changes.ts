import type { HousekeepingPool } from "../../database/pools.ts";
import { sql } from "../../database/sql.ts";
import { isOnlyRun } from "../../jobs/only-run.ts";
import type { PeriodicJob } from "../../jobs/periodic.ts";
import { lastNumbers } from "../../journal/position.ts";

const everyMs = 30_000;
const endpointsAtOnce = 1_000;

/**
 * Makes endpoints due whose enterprises have changes since the last call. A write makes them due itself, unless its
 * service is killed in between. Returns the number of endpoints.
 */
export async function wakeForMissedChanges(
  housekeeping: HousekeepingPool,
  now: Date,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  for (let woken = endpointsAtOnce; woken === endpointsAtOnce && !signal?.aborted; total += woken) {
    const { rowCount } = await housekeeping.many(
      sql`update webhook_queue q set due_at = least(q.due_at, ${now}), journal_number = behind.number
          from (
            select q.enterprise, q.webhook, p.number
            from webhook_queue q join ${lastNumbers} p on p.enterprise_id = q.enterprise
            where p.number > q.journal_number and ${isOnlyRun("missed-changes")}
            limit ${endpointsAtOnce}) behind
          where q.enterprise = behind.enterprise and q.webhook = behind.webhook`,
    );
    woken = rowCount;
  }
  return total;
}

/** Looks for missed changes at the start and every half minute: one statement for all enterprises. */
export const missedChangesJob = (housekeeping: HousekeepingPool): PeriodicJob => ({
  kind: "missed-changes",
  everyMs,
  deadlineMs: 60_000,
  runsAt: "start",
  run: async (signal) => {
    await wakeForMissedChanges(housekeeping, new Date(), signal);
  },
});
