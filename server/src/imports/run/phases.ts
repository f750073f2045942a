import { Problem } from "@clientele/contract/errors";
import { writeRows } from "../../customers/write.ts";
import * as fields from "../../field-changes/operations.ts";
import { planRemoval, removeChunk } from "../bulk/delete-chunk.ts";
import { withFieldsToBe } from "../columns/mapped-columns.ts";
import { type Result, tallyOf } from "../job/row-result.ts";
import * as store from "../job/store.ts";
import { queueUndo } from "../undo/queue-undo.ts";
import { undoBulkChunk } from "../undo/undo-bulk-chunk.ts";
import { undoChunk } from "../undo/undo-chunk.ts";
import { PlanOutdated, performing, refuseOutdated } from "./apply-plan.ts";
import { chunksOfFile, type FileChunk } from "./file-chunks.ts";
import type { Work } from "./import-context.ts";
import { ending } from "./import-outcome.ts";
import { planChunk } from "./plan-chunk.ts";
import { forgetPlanned } from "./planned-customers.ts";
import { readWhole } from "./read-file.ts";

/** Every phase goes on from the position it finds, and ends in the step to the next one. */
type Phase = (work: Work) => Promise<void>;

export const start: Phase = async (work) => {
  const { kind, planId, dryRun } = work.job;
  // The rows of a bulk change are known, and need no reading first.
  const first = kind === "import" ? "reading" : dryRun ? "planning" : "applying";
  await enter(work, kind === "undo" ? "undoing" : planId !== null ? "checking" : first);
};

/** Reads the file to its end before anything is written: what cannot be read, or what no field is for, shows here. */
export const read: Phase = async (work) => {
  const { rowsTotal, columns, options, dryRun } = await readWhole(work);
  const { id } = work.job;
  await work.step(async (call) => {
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

/** Says what every row would do. */
export const plan: Phase = async (work) => {
  const { job } = work;
  const { columns, options } = job;
  await eachChunk(work, async (chunk, stepOn) => {
    await work.step(async (call, stored) => {
      const definitions = withFieldsToBe(stored, columns);
      const rows = chunk.rowsBy(definitions);
      if (options.change?.delete)
        return call.database.batch(stepOn(await planRemoval(call, rows, chunk.lineOf)));
      const { outcomes, foreseen } = await planChunk(call, job.id, definitions, rows, options);
      const results = outcomes.map((outcome, at) => ({
        ...chunk.resultOf(outcome, at),
        ...foreseen(outcome),
      }));
      return call.database.batch(stepOn(results));
    });
  });
  const isRefused = options.atomic && job.failed > 0;
  await work.step(async (call) => {
    const { enterpriseId } = call.database;
    if (job.dryRun) await call.database.batch(ending(call, job, "completed"));
    else if (isRefused) {
      await call.database.batch(ending(call, job, "failed", nothingWritten(job.failed)));
    } else {
      await call.database.batch([
        ...forgetPlanned(enterpriseId, job.id),
        store.enterPhase(enterpriseId, job.id, "applying", call.now, { recount: true }),
      ]);
    }
  });
};

function nothingWritten(failed: number): store.StoredProblem {
  const { code } = new Problem("ROW_NOT_WRITTEN");
  const rows = failed === 1 ? "One row has" : `${failed} rows have`;
  const message = `Nothing was written: ${rows} errors, and atomic was asked for. The rows tell what would have happened.`;
  return { code, message, details: [] };
}

/** Looks at all that the plan rests on before its first row is written. */
export const check: Phase = async (work) => {
  const { job, reading } = work;
  const chunks = await store.chunkCounts(reading, job.planId!);
  const freed = new Set<string>();
  for (const { position } of chunks) {
    if (work.signal.aborted) return;
    const planned = await store.fetchChunk(reading, job.planId!, position);
    await refuseOutdated(reading, planned?.results ?? [], freed);
  }
  await enter(work, "applying");
};

export const apply: Phase = async (work) => {
  const { job } = work;
  const { matchOn, mode, atomic, change } = job.options;
  const planId = job.planId ?? (atomic ? job.id : null);
  await makeFields(work);
  try {
    await eachChunk(work, async (chunk, stepOn) => {
      await work.step(async (call, definitions) => {
        const planned =
          planId === null ? undefined : await store.fetchChunk(call.database, planId, job.position);
        if (change?.delete) {
          const rows = chunk.rowsBy(definitions);
          const results = await removeChunk(call, definitions, job.id, rows, chunk.lineOf, planned?.results);
          await call.database.batch(stepOn(results));
          return;
        }
        const performance = planned && performing(planned.results);
        const { plan } = await writeRows(
          performance ? { ...call, newId: performance.newId } : call,
          definitions,
          chunk.rowsBy(definitions),
          {
            matchOn,
            mode,
            reason: job.kind === "bulk" ? "bulk" : "import",
            importId: job.id,
            ...(performance && { check: performance.check }),
          },
        );
        await call.database.batch(stepOn(plan.outcomes.map(chunk.resultOf)));
      });
    });
  } catch (error) {
    if (!(error instanceof PlanOutdated) || !atomic) throw error;
    // All or nothing was asked for, and this is something.
    await work.step(async (call) => {
      await call.database.batch([
        ...ending(call, job, "failed", {
          ...error.problem,
          message: `${error.problem.message} What was written is being undone.`,
        }),
        ...queueUndo(call, call.newId(), job),
      ]);
    });
    return;
  }
  await complete(work);
};

/** The last chunk first, so that a customer which several of them have changed is seen as the last one left it. */
export const undo: Phase = async (work) => {
  const { job, reading, enterpriseId } = work;
  const importId = job.undoesId!;
  const chunks = await store.chunkCounts(reading, importId);
  const kept = new Set(await store.failedIds(reading, job.id));
  for (;;) {
    const at = chunks[chunks.length - 1 - job.position];
    if (at === undefined) break;
    if (work.signal.aborted) return;
    const began = performance.now();
    const taken = await work.step(async (call, definitions) => {
      const chunk = await store.fetchChunk(call.database, importId, at.position);
      const undone = { importId, undoId: job.id, kept };
      const take = job.options.change ? undoBulkChunk : undoChunk;
      const results = await take(call, definitions, undone, chunk?.results ?? []);
      const step = {
        warned: 0,
        progress: (job.position + 1) / chunks.length,
        busyMs: Math.round(performance.now() - began),
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
    for (const { id, outcome } of taken) if (outcome === "failed") kept.add(id!);
    job.position++;
    job.rowsRead += taken.length;
  }
  await complete(work);
};

async function enter(
  work: Work,
  phase: "reading" | "planning" | "checking" | "applying" | "undoing",
): Promise<void> {
  await work.step(({ database, now }) =>
    database.batch([store.enterPhase(database.enterpriseId, work.job.id, phase, now)]),
  );
}

async function complete(work: Work): Promise<void> {
  await work.step((call) => call.database.batch(ending(call, work.job, "completed")));
}

/** The fields that columns of the file are to become, unless an earlier try has made them. */
async function makeFields(work: Work): Promise<void> {
  for (const { creates, target, label, type } of work.job.columns) {
    if (!creates) continue;
    const make = async (call: Parameters<typeof fields.create>[0], isThere: boolean) => {
      if (!isThere)
        await fields.create(
          { ...call, newId: () => target! },
          { params: {}, query: {}, body: { label, type: type! } },
        );
    };
    await work.step((call, { byId }) => make(call, byId.has(target!)), { changesDefinitions: true });
  }
}

type StepOn = (results: readonly Result[]) => ReturnType<typeof store.recordChunk>;

/** Takes the chunks of the file one after the other; the next one is read while PostgreSQL writes. */
async function eachChunk(
  work: Work,
  take: (chunk: FileChunk, stepOn: StepOn) => Promise<void>,
): Promise<void> {
  const { job, enterpriseId, signal } = work;
  let began = performance.now();
  for await (const chunk of chunksOfFile(work)) {
    if (signal.aborted) throw new Error("The work is to stop.");
    let results: readonly Result[] = [];
    await take(chunk, (found) => {
      results = found;
      const { position, firstRow } = chunk;
      const recorded = { position, firstRow, rows: found.length, results: found, ...tallyOf(found) };
      return store.recordChunk(enterpriseId, job.id, recorded, {
        warned: found.filter(({ warnings }) => warnings).length,
        progress: Math.min((firstRow + found.length) / Math.max(job.rowsTotal ?? 1, 1), 1),
        busyMs: Math.round(performance.now() - began),
      });
    });
    began = performance.now();
    job.position++;
    job.rowsRead += results.length;
    job.failed += tallyOf(results).failed;
  }
}
