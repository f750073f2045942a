import { pageOf } from "@clientele/contract/envelopes";
import { explainedProblem, Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/import-jobs";
import type { Call, Operation } from "../../call.ts";
import { required } from "../../validation/required.ts";
import { refuseWithoutDelete } from "../bulk/operations.ts";
import { isUnmapped } from "../columns/mapped-columns.ts";
import { queueUndo } from "../undo/queue-undo.ts";
import { answerOf, isFinal } from "./job-answer.ts";
import * as store from "./store.ts";

export const list: Operation<typeof contract.listImports> = async ({ database }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const { jobs, total } = await store.listJobs(database, { phase: query.phase, offset, limit });
  return { data: jobs.map(answerOf), total, page, limit };
};

export const fetch: Operation<typeof contract.fetchImport> = async ({ database }, { params }) => {
  const job = await store.fetchJob(database, params.importId);
  if (!job) throw new Problem("IMPORT_NOT_FOUND");
  return { data: answerOf(job) };
};

/** A plan is applied once: a second request returns the same import. */
export const apply: Operation<typeof contract.applyImport> = async (call, { params }) => {
  const plan = await lockExisting(call, params.importId);
  if (plan.kind === "undo" || !plan.dryRun || plan.phase !== "completed")
    throw explainedProblem("IMPORT_NOT_A_PLAN", {});
  if (plan.options.change?.delete) refuseWithoutDelete(call);
  const unmapped = plan.options.unknownFields === "error" ? plan.columns.filter(isUnmapped) : [];
  if (unmapped.length > 0) {
    const columns = unmapped.map(({ heading, position }) =>
      heading.trim() === "" ? `#${position}` : heading,
    );
    throw explainedProblem("IMPORT_COLUMNS_WITHOUT_FIELD", { columns });
  }
  return queueOnce(call, `apply ${plan.id}`, (id, fingerprint) =>
    store.insertJob(
      call.database.enterpriseId,
      {
        id,
        kind: plan.kind,
        dryRun: false,
        fileId: plan.fileId,
        options: plan.options,
        columns: plan.columns,
        planId: plan.id,
        undoesId: null,
        rowsTotal: plan.rowsTotal,
        appId: call.appId,
        personId: call.personId,
        companyId: call.companyId,
        requestId: call.requestId,
        fingerprint,
      },
      call.now,
    ),
  );
};

export const undo: Operation<typeof contract.undoImport> = async (call, { params }) => {
  const job = await lockExisting(call, params.importId);
  if (job.kind === "undo" || job.dryRun || !isFinal(job)) throw explainedProblem("IMPORT_NOT_UNDOABLE", {});
  return queueOnce(call, `undo ${job.id}`, (id) => queueUndo(call, id, job));
};

export const cancel: Operation<typeof contract.cancelImport> = async (call, { params }) => {
  const { enterpriseId } = call.database;
  const job = await lockExisting(call, params.importId);
  if (job.phase === "cancelled") return { data: answerOf(job) };
  if (isFinal(job)) throw explainedProblem("IMPORT_ENDED", { phase: job.phase });
  await call.database.batch([
    job.phase === "queued"
      ? store.finish(enterpriseId, job.id, "cancelled", call.now)
      : store.requestCancel(enterpriseId, job.id),
  ]);
  return {
    data: answerOf(required(await store.fetchJob(call.database, job.id), "the import")),
  };
};

async function lockExisting(call: Call, importId: string): Promise<store.Job> {
  const job = await store.lockJob(call.database, importId);
  if (!job) throw new Problem("IMPORT_NOT_FOUND");
  return job;
}

/** Returns the job of an earlier request that has not failed, or queues a new one. */
async function queueOnce(
  call: Call,
  fingerprint: string,
  statements: (id: string, fingerprint: string) => ReturnType<typeof store.insertJob>,
) {
  const same = await store.fetchSame(call.database, fingerprint, new Date(0));
  const id = same?.id ?? call.newId();
  if (!same) await call.database.batch(statements(id, fingerprint));
  const job = required(await store.fetchJob(call.database, id), "the import");
  return { data: answerOf(job), location: `/v1/customer-imports/${job.id}` };
}
