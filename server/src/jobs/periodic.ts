import type { Logger } from "pino";
import { causeOf } from "../logging/error-cause.ts";
import type { PeriodicKind } from "./job-kinds.ts";

export type PeriodicJob = {
  kind: PeriodicKind;
  everyMs: number;
  /** A longer run is aborted. */
  deadlineMs: number;
  /** Whether it also runs at the start, or once more when it is stopped. */
  runsAt: "start" | "stop";
  /** Returns soon after the signal is aborted; the next run continues. */
  run(signal: AbortSignal): Promise<void>;
};

/**
 * Repeats a job until the function it returns is called, which aborts the current run and waits for it. A run that
 * fails is logged. The next run is skipped while one is under way, so runs never pile up.
 */
export function startPeriodic(job: PeriodicJob, log: Logger): () => Promise<void> {
  const { kind, everyMs, deadlineMs, runsAt } = job;
  let current: { abort: AbortController; ended: Promise<void> } | undefined;

  function runOnce(): Promise<void> {
    const abort = new AbortController();
    const deadline = setTimeout(() => {
      log.warn({ event: "periodic-job-late", kind, deadlineMs }, "periodic job aborted at its deadline");
      abort.abort(new Error("The deadline of the job has passed."));
    }, deadlineMs).unref();
    const ended = job
      .run(abort.signal)
      .catch((error) => {
        log.warn({ event: "periodic-job-failed", kind, cause: causeOf(error) }, "periodic job failed");
      })
      .finally(() => {
        clearTimeout(deadline);
        current = undefined;
      });
    current = { abort, ended };
    return ended;
  }

  if (runsAt === "start") void runOnce();
  const timer = setInterval(() => {
    if (!current) void runOnce();
  }, everyMs).unref();
  return async () => {
    clearInterval(timer);
    current?.abort.abort(new Error("The service is stopping."));
    await current?.ended;
    if (runsAt === "stop") await runOnce();
  };
}
