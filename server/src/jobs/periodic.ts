import type { Logger } from "pino";
import { causeOf } from "../logging/error-cause.ts";
import type { PeriodicKind } from "./job-kinds.ts";

export type PeriodicJob = {
  kind: PeriodicKind;
  everyMs: number;
  /** Whether it also runs at the start, or once more when it is stopped. */
  runsAt: "start" | "stop";
  run(signal: AbortSignal): Promise<void>;
};

/**
 * Repeats a job until the function it returns is called, which waits for the run under way. A run that fails is logged,
 * and the next one comes at its usual time.
 */
export function startPeriodic({ kind, everyMs, runsAt, run }: PeriodicJob, log: Logger): () => Promise<void> {
  const stopping = new AbortController();
  const runOnce = () =>
    run(stopping.signal).catch((error) => {
      log.warn({ event: "periodic-job-failed", kind, cause: causeOf(error) }, "periodic job failed");
    });
  let running = runsAt === "start" ? runOnce() : Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(runOnce);
  }, everyMs).unref();
  return () => {
    clearInterval(timer);
    stopping.abort();
    return runsAt === "stop" ? running.then(runOnce) : running;
  };
}
