import type { HousekeepingPool } from "../database/pools.ts";
import type { PeriodicJob } from "../jobs/periodic.ts";
import { causeOf } from "../logging/error-cause.ts";
import type { Logger } from "../logging/log.ts";
import { add } from "./store.ts";
import type { UsageCounter } from "./usage-counter.ts";

const everyMs = 10_000;
const callersAtOnce = 1_000;

/**
 * Writes the counts of all enterprises, those of 1,000 callers in one transaction. Counts that cannot be written, or
 * that come after the signal is aborted, return to the counter.
 */
export async function writeUsage(
  housekeeping: HousekeepingPool,
  counter: UsageCounter,
  onError: (error: unknown) => void,
  signal?: AbortSignal,
): Promise<void> {
  const taken = counter.take();
  for (let from = 0; from < taken.length; from += callersAtOnce) {
    const counts = taken.slice(from, from + callersAtOnce);
    if (signal?.aborted) {
      counter.restore(counts);
      continue;
    }
    try {
      await housekeeping.batch(add(counts));
    } catch (error) {
      counter.restore(counts);
      onError(error);
    }
  }
}

/** Writes usage every ten seconds, and the remaining counts when it is stopped. */
export const usageJob = (
  housekeeping: HousekeepingPool,
  counter: UsageCounter,
  log: Logger,
): PeriodicJob => ({
  kind: "usage",
  everyMs,
  deadlineMs: 60_000,
  runsAt: "stop",
  run: (signal) =>
    writeUsage(
      housekeeping,
      counter,
      (error) => log.warn({ event: "usage-not-written", cause: causeOf(error) }, "usage not written"),
      signal,
    ),
});
