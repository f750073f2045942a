import type pg from "pg";
import { writingAs } from "../database/as-enterprise.ts";
import { causeOf } from "../logging/error-cause.ts";
import type { Logger } from "../logging/log.ts";
import type { UsageCounter } from "./count.ts";
import { add } from "./store.ts";

const everyMs = 10_000;

/** Writes down what was counted, one set for each enterprise. What cannot be written is counted on with. */
export async function writeUsage(
  operator: pg.Pool,
  counter: UsageCounter,
  onError: (error: unknown) => void,
): Promise<void> {
  for (const [enterpriseId, counted] of counter.take()) {
    try {
      await writingAs(operator, { enterpriseId, kind: "operator" }, {}, async (database) => {
        await database.batch(add(enterpriseId, counted));
      });
    } catch (error) {
      counter.giveBack(enterpriseId, counted);
      onError(error);
    }
  }
}

/** Writes usage down every ten seconds, and the rest of it when the function that it returns is called. */
export function startWritingUsage(
  operator: pg.Pool,
  counter: UsageCounter,
  log: Logger,
): () => Promise<void> {
  const write = () =>
    writeUsage(operator, counter, (error) =>
      log.warn({ event: "usage-not-written", cause: causeOf(error) }, "usage could not be written down"),
    );
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(write);
  }, everyMs).unref();
  return () => {
    clearInterval(timer);
    return running.then(write);
  };
}
