import { setTimeout as wait } from "node:timers/promises";
import { Problem, rowErrorOf } from "@clientele/contract/errors";
import { readingAs } from "../../database/as-enterprise.ts";
import type { ServicePool } from "../../database/pools.ts";
import { fetchJob, type Job, type StoredProblem } from "../job/store.ts";
import { PlanOutdated } from "./apply-plan.ts";
import { Cancelled, isPassing, LostHold, openWork, type Work } from "./import-context.ts";
import { ending } from "./import-outcome.ts";
import { apply, check, plan, read, start, undo } from "./phases.ts";

const phases: Record<string, (work: Work) => Promise<void>> = {
  queued: start,
  reading: read,
  planning: plan,
  checking: check,
  applying: apply,
  undoing: undo,
};

export type ImportContext = {
  pool: ServicePool;
  clock: () => Date;
  /** Told of an error of ours that has ended an import. */
  onError: (error: unknown, requestId: string) => void;
};

const patienceMs = { first: 200, most: 5_000 };

/**
 * Works on an import until it is over or `signal` aborts. What the database is too busy for is tried again, from
 * where the database says that it stands; any other error ends the import and says why.
 */
export async function runImport(
  { pool, clock, onError }: ImportContext,
  { enterpriseId, importId }: { enterpriseId: string; importId: string },
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = patienceMs.first;
  let lastStep = "";
  while (!signal.aborted) {
    let job: Job | undefined;
    try {
      job = await fetchJob(readingAs(pool, { enterpriseId, kind: "operator" }), importId);
      const run = job && phases[job.phase];
      if (!run) return;
      const step = `${job!.phase} ${job!.position}`;
      if (step !== lastStep) pauseMs = patienceMs.first;
      lastStep = step;
      const work = openWork(pool, clock, enterpriseId, job!, signal);
      await run(work).catch((error) => settle(work, error, onError));
    } catch (error) {
      // Told to stop, or overtaken: what is stored says how it goes on.
      if (signal.aborted || error instanceof LostHold) continue;
      if (!isPassing(error)) throw error;
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, patienceMs.most);
    }
  }
}

/** Ends the import for a reason that asking again does not remove. */
async function settle(work: Work, error: unknown, onError: ImportContext["onError"]): Promise<void> {
  const { job } = work;
  if (work.signal.aborted || error instanceof LostHold || isPassing(error)) throw error;
  if (error instanceof Cancelled) return work.end((call) => ending(call, job, "cancelled"));
  const problem = problemOf(error);
  if (problem.code === "INTERNAL") onError(error, job.requestId);
  await work.end((call) => ending(call, job, "failed", problem));
}

function problemOf(error: unknown): StoredProblem {
  if (error instanceof PlanOutdated) return error.problem;
  const problem = error instanceof Problem ? error : new Problem("INTERNAL");
  const details = problem.fieldErrors.map(rowErrorOf);
  return { code: problem.code, message: problem.message, details };
}
