import { setTimeout as wait } from "node:timers/promises";
import { Problem, rowErrorOf } from "@clientele/contract/errors";
import type { ImportPhase } from "@clientele/contract/import-jobs";
import { readingAs } from "../../database/as-enterprise.ts";
import type { ServicePool } from "../../database/pools.ts";
import { fetchJob, type StoredProblem } from "../job/store.ts";
import { PlanOutdated } from "./apply-plan.ts";
import { Cancelled, ImportMoved, type ImportRun, isTemporary, openRun } from "./import-context.ts";
import { endImport } from "./import-outcome.ts";
import { apply, check, plan, read, start, undo } from "./phases.ts";

const phases: Readonly<Record<ImportPhase, ((run: ImportRun) => Promise<void>) | null>> = {
  queued: start,
  reading: read,
  planning: plan,
  checking: check,
  applying: apply,
  undoing: undo,
  completed: null,
  failed: null,
  cancelled: null,
};

export type ImportContext = {
  pool: ServicePool;
  clock: () => Date;
  /** Called with an internal error that has ended an import. */
  onError: (error: unknown, requestId: string) => void;
};

const retryPauseMs = { first: 200, max: 5_000 };

/**
 * Runs an import until it is over or `signal` aborts. Temporary errors of the database are retried from the stored
 * position; any other error ends the import.
 */
export async function runImport(
  { pool, clock, onError }: ImportContext,
  { enterpriseId, importId }: { enterpriseId: string; importId: string },
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = retryPauseMs.first;
  let lastStep = "";
  while (!signal.aborted) {
    try {
      const job = await fetchJob(readingAs(pool, { enterpriseId, kind: "operator" }), importId);
      const phase = job && phases[job.phase];
      if (!job || !phase) return;
      const step = `${job.phase} ${job.position}`;
      if (step !== lastStep) pauseMs = retryPauseMs.first;
      lastStep = step;
      const run = openRun(pool, clock, enterpriseId, job, signal);
      await phase(run).catch((error) => endAfterError(run, error, onError));
    } catch (error) {
      // Stopping, or moved by another process: the stored phase decides how to continue.
      if (signal.aborted || error instanceof ImportMoved) continue;
      if (!isTemporary(error)) throw error;
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, retryPauseMs.max);
    }
  }
}

/** Ends the import unless the error is temporary. */
async function endAfterError(
  run: ImportRun,
  error: unknown,
  onError: ImportContext["onError"],
): Promise<void> {
  const { job } = run;
  if (run.signal.aborted || error instanceof ImportMoved || isTemporary(error)) throw error;
  if (error instanceof Cancelled) return run.end((call) => endImport(call, job, "cancelled"));
  const problem = problemOf(error);
  if (problem.code === "INTERNAL") onError(error, job.requestId);
  await run.end((call) => endImport(call, job, "failed", problem));
}

function problemOf(error: unknown): StoredProblem {
  if (error instanceof PlanOutdated) return error.problem;
  const problem = error instanceof Problem ? error : new Problem("INTERNAL");
  const details = problem.fieldErrors.map(rowErrorOf);
  return { code: problem.code, message: problem.message, details };
}
