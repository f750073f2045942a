import { writingAs } from "../database/as-enterprise.ts";
import type { OperatorPool } from "../database/pools.ts";
import type { PeriodicJob } from "../jobs/periodic.ts";
import { causeOf } from "../logging/error-cause.ts";
import type { Logger } from "../logging/log.ts";
import { add } from "./store.ts";
import type { UsageCounter } from "./usage-counter.ts";

const everyMs = 10_000;

/** Writes the counts of each enterprise in one transaction. Counts that cannot be written return to the counter. */
export async function writeUsage(
  operator: OperatorPool,
  counter: UsageCounter,
  onError: (error: unknown) => void,
): Promise<void> {
  for (const [enterpriseId, counts] of counter.take()) {
    try {
      await writingAs(operator, { enterpriseId, kind: "operator" }, {}, async (database) => {
        await database.batch(add(enterpriseId, counts));
      });
    } catch (error) {
      counter.restore(enterpriseId, counts);
      onError(error);
    }
  }
}

/** Writes usage every ten seconds, and the remaining counts when it is stopped. */
export const usageJob = (operator: OperatorPool, counter: UsageCounter, log: Logger): PeriodicJob => ({
  kind: "usage",
  everyMs,
  deadlineMs: 60_000,
  runsAt: "stop",
  run: () =>
    writeUsage(operator, counter, (error) =>
      log.warn({ event: "usage-not-written", cause: causeOf(error) }, "usage not written"),
    ),
});
