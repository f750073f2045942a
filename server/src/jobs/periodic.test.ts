import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type PeriodicJob, startPeriodic } from "./periodic.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A job whose runs end when the test says so. */
function heldJob(more: Partial<PeriodicJob> = {}) {
  const runs: { signal: AbortSignal; end: () => void; fail: (error: Error) => void }[] = [];
  const run = (signal: AbortSignal) =>
    new Promise<void>((end, fail) => {
      runs.push({ signal, end, fail });
    });
  const job: PeriodicJob = {
    kind: "usage",
    everyMs: 1_000,
    deadlineMs: 5_000,
    runsAt: "stop",
    run,
    ...more,
  };
  const events: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void events.push(JSON.parse(line).event) });
  return { runs, events, stop: startPeriodic(job, log) };
}

test("a slow run is aborted at its deadline, and none begins before it has ended", async () => {
  const { runs, events, stop } = heldJob();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(runs[0]?.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs[0]?.signal.aborted).toBe(true);
  expect(events).toEqual(["periodic-job-late"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs).toHaveLength(2);
  expect(runs[1]?.signal.aborted).toBe(false);
  runs[1]?.end();
  const stopped = stop();
  await vi.advanceTimersByTimeAsync(0);
  runs[2]?.end();
  await stopped;
});

test("a run that fails is logged, and the next one comes at its usual time", async () => {
  const { runs, events, stop } = heldJob({ runsAt: "start" });
  expect(runs).toHaveLength(1);
  runs[0]?.fail(new Error("refused"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(events).toEqual(["periodic-job-failed"]);
  expect(runs).toHaveLength(2);
  runs[1]?.end();
  await stop();
});

test("stopping aborts the current run, waits for it and then runs the last one", async () => {
  const { runs, stop } = heldJob();
  await vi.advanceTimersByTimeAsync(1_000);
  let isStopped = false;
  const stopped = stop().then(() => {
    isStopped = true;
  });
  expect(runs[0]?.signal.aborted).toBe(true);
  runs[0]?.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(runs).toHaveLength(2);
  expect(runs[1]?.signal.aborted).toBe(false);
  expect(isStopped).toBe(false);
  runs[1]?.end();
  await stopped;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toHaveLength(2);
});
