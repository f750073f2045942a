import { Problem } from "@clientele/contract/errors";
import type { ImportKind, RunningPhase } from "@clientele/contract/import-jobs";
import { writeRows } from "../../customers/write.ts";
import * as fields from "../../field-changes/operations.ts";
import { required } from "../../validation/required.ts";
import { planRemoval, removeChunk } from "../bulk/delete-chunk.ts";
import { withPlannedFields } from "../columns/mapped-columns.ts";
import { type Result, tallyOf } from "../job/row-result.ts";
import * as store from "../job/store.ts";
import { queueUndo } from "../undo/queue-undo.ts";
import { undoBulkChunk } from "../undo/undo-bulk-chunk.ts";
import { undoChunk } from "../undo/undo-chunk.ts";
import { followPlan, PlanOutdated, refuseOutdated } from "./apply-plan.ts";
import { chunksOfFile, type FileChunk } from "./file-chunks.ts";
import type { ImportRun } from "./import-context.ts";
import { endImport } from "./import-outcome.ts";
import { planChunk } from "./plan-chunk.ts";
import { deletePlanned } from "./planned-customers.ts";
import { readFile } from "./read-file.ts";

/** A phase continues from the stored position; its last step enters the next phase. */
type Phase = (run: ImportRun) => Promise<void>;

/** The phase after `queued`. A job that performs a plan checks the plan first. */
const firstPhase: Readonly<Record<ImportKind, (job: ImportRun["job"]) => RunningPhase>> = {
  import: ({ planId }) => (planId === null ? "reading" : "checking"),
  // The rows of a bulk change were written by us: they need no reading first.
  bulk: ({ planId, dryRun }) => (planId !== null ? "checking" : dryRun ? "planning" : "applying"),
  undo: () => "undoing",
};

export const start: Phase = (run) => enter(run, firstPhase[run.job.kind](run.job));

/** Reads the whole file before anything is written, so that unreadable files and unknown columns are found first. */
export const read: Phase = async (run) => {
  const { rowsTotal, columns, options, dryRun } = await readFile(run);
  const { id } = run.job;
  await run.step(async (call) => {
    const { enterpriseId } = call.database;
    await call.database.batch([
      store.setOptions(enterpriseId, id, options, dryRun),
      store.enterPhase(enterpriseId, id, dryRun || options.atomic ? "planning" : "applying", call.now, {
        rowsTotal,
        columns,
      }),
    ]);
  });
};

/** Records what every row would do. */
export const plan: Phase = async (run) => {
  const { job } = run;
  const { columns, options } = job;
  await forEachChunk(run, async (chunk, stepOn) => {
    await run.step(async (call, stored) => {
      const definitions = withPlannedFields(stored, columns);
      const rows = chunk.rowsBy(definitions);
      if (options.change?.delete)
        return call.database.batch(stepOn(await planRemoval(call, rows, chunk.lineOf)));
      const { outcomes, plannedRow } = await planChunk(call, job.id, definitions, rows, options);
      const results = outcomes.map((outcome, at) => ({
        ...chunk.resultOf(outcome, at),
        ...plannedRow(outcome),
      }));
      return call.database.batch(stepOn(results));
    });
  });
  const isRefused = options.atomic && job.failed > 0;
  await run.step(async (call) => {
    const { enterpriseId } = call.database;
    if (job.dryRun) await call.database.batch(endImport(call, job, "completed"));
    else if (isRefused) {
      await call.database.batch(endImport(call, job, "failed", nothingWrittenProblem(job.failed)));
    } else {
      await call.database.batch([
        ...deletePlanned(enterpriseId, job.id),
        store.enterPhase(enterpriseId, job.id, "applying", call.now, { recount: true }),
      ]);
    }
  });
};

function nothingWrittenProblem(failed: number): store.StoredProblem {
  const { code } = new Problem("ROW_NOT_WRITTEN");
  const rows = failed === 1 ? "one row has" : `${failed} rows have`;
  const message = `Nothing was written: the import is atomic, and ${rows} errors. The rows show what would have happened.`;
  return { code, message, details: [] };
}

/** Compares all customers of the plan with the stored ones before the first row is written. */
export const check: Phase = async (run) => {
  const { job, database } = run;
  const chunks = await store.chunkCounts(database, required(job.planId, "the plan of the job"));
  const releasedIds = new Set<string>();
  for (const { position } of chunks) {
    if (run.signal.aborted) return;
    const planned = await store.fetchChunk(database, required(job.planId, "the plan of the job"), position);
    await refuseOutdated(database, planned?.results ?? [], releasedIds);
  }
  await enter(run, "applying");
};

export const apply: Phase = async (run) => {
  const { job } = run;
  const { matchOn, mode, atomic, change } = job.options;
  const planId = job.planId ?? (atomic ? job.id : null);
  await createFields(run);
  try {
    await forEachChunk(run, async (chunk, stepOn) => {
      await run.step(async (call, definitions) => {
        const planned =
          planId === null ? undefined : await store.fetchChunk(call.database, planId, job.position);
        if (change?.delete) {
          const rows = chunk.rowsBy(definitions);
          const results = await removeChunk(call, definitions, job.id, rows, chunk.lineOf, planned?.results);
          await call.database.batch(stepOn(results));
          return;
        }
        const plannedWrite =
          planned && followPlan(withPlannedFields(definitions, job.columns), planned.results);
        const { plan } = await writeRows(
          plannedWrite ? { ...call, newId: plannedWrite.newId } : call,
          definitions,
          chunk.rowsBy(definitions),
          {
            matchOn,
            mode,
            reason: job.kind === "bulk" ? "bulk" : "import",
            importId: job.id,
            ...(plannedWrite && { check: plannedWrite.check }),
          },
        );
        await call.database.batch(stepOn(plan.outcomes.map(chunk.resultOf)));
      });
    });
  } catch (error) {
    if (!(error instanceof PlanOutdated) || !atomic) throw error;
    // Atomic, and some chunks are written already: they are undone.
    await run.step(async (call) => {
      await call.database.batch([
        ...endImport(call, job, "failed", {
          ...error.problem,
          message: `${error.problem.message} What was written is being undone.`,
        }),
        ...queueUndo(call, call.newId(), job),
      ]);
    });
    return;
  }
  await complete(run);
};

/** Undoes the last chunk first, because several chunks may have changed one customer. */
export const undo: Phase = async (run) => {
  const { job, database, enterpriseId } = run;
  const importId = required(job.undoesId, "the import to undo");
  const chunks = await store.chunkCounts(database, importId);
  const failedIds = new Set(await store.failedIds(database, job.id));
  for (;;) {
    const at = chunks[chunks.length - 1 - job.position];
    if (at === undefined) break;
    if (run.signal.aborted) return;
    const startMs = performance.now();
    const results = await run.step(async (call, definitions) => {
      const chunk = await store.fetchChunk(call.database, importId, at.position);
      const undone = { importId, undoId: job.id, failedIds };
      const undoResults = job.options.change ? undoBulkChunk : undoChunk;
      const results = await undoResults(call, definitions, undone, chunk?.results ?? []);
      const step = {
        warned: 0,
        progress: (job.position + 1) / chunks.length,
        busyMs: Math.round(performance.now() - startMs),
      };
      const { position } = job;
      const recorded = {
        position,
        firstRow: at.firstRow,
        rows: results.length,
        results,
        ...tallyOf(results),
      };
      await call.database.batch(store.recordChunk(enterpriseId, job.id, recorded, step));
      return results;
    });
    for (const { id, outcome } of results) if (outcome === "failed" && id !== null) failedIds.add(id);
    job.position++;
    job.rowsRead += results.length;
  }
  await complete(run);
};

async function enter(
  run: ImportRun,
  phase: "reading" | "planning" | "checking" | "applying" | "undoing",
): Promise<void> {
  await run.step(({ database, now }) =>
    database.batch([store.enterPhase(database.enterpriseId, run.job.id, phase, now)]),
  );
}

async function complete(run: ImportRun): Promise<void> {
  await run.step((call) => call.database.batch(endImport(call, run.job, "completed")));
}

/** Creates the fields that columns are mapped to, unless an earlier run has. */
async function createFields(run: ImportRun): Promise<void> {
  for (const { creates, target, label, type } of run.job.columns) {
    if (!creates) continue;
    const create = async (call: Parameters<typeof fields.create>[0], exists: boolean) => {
      if (!exists)
        await fields.create(
          { ...call, newId: () => required(target, "target") },
          { params: {}, query: {}, body: { label, type: required(type, "type") } },
        );
    };
    await run.step((call, { byId }) => create(call, byId.has(required(target, "target"))), {
      changesDefinitions: true,
    });
  }
}

type StepOn = (results: readonly Result[]) => ReturnType<typeof store.recordChunk>;

async function forEachChunk(
  run: ImportRun,
  take: (chunk: FileChunk, stepOn: StepOn) => Promise<void>,
): Promise<void> {
  const { job, enterpriseId, signal } = run;
  let startMs = performance.now();
  for await (const chunk of chunksOfFile(run)) {
    if (signal.aborted) throw new Error("The work is to stop.");
    let results: readonly Result[] = [];
    await take(chunk, (found) => {
      results = found;
      const { position, firstRow } = chunk;
      const recorded = { position, firstRow, rows: found.length, results: found, ...tallyOf(found) };
      return store.recordChunk(enterpriseId, job.id, recorded, {
        warned: found.filter(({ warnings }) => warnings).length,
        progress: Math.min((firstRow + found.length) / Math.max(job.rowsTotal ?? 1, 1), 1),
        busyMs: Math.round(performance.now() - startMs),
      });
    });
    startMs = performance.now();
    job.position++;
    job.rowsRead += results.length;
    job.failed += tallyOf(results).failed;
  }
}
