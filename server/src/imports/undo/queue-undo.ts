import type { Call } from "../../call.ts";
import type { Sql } from "../../database/sql.ts";
import { insertJob, type Job } from "../job/store.ts";

/** The statements that queue an undo of an import. */
export const queueUndo = (call: Call, id: string, job: Job): Sql[] =>
  insertJob(
    call.database.enterpriseId,
    {
      id,
      kind: "undo",
      dryRun: false,
      fileId: null,
      options: job.options,
      columns: [],
      planId: null,
      undoesId: job.id,
      rowsTotal: job.created + job.updated + job.deleted,
      appId: call.appId,
      personId: call.personId,
      companyId: call.companyId,
      requestId: call.requestId,
      fingerprint: `undo ${job.id}`,
    },
    call.now,
  );
