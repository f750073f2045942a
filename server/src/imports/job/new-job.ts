import { createHash } from "node:crypto";
import type { Received } from "@clientele/contract/envelopes";
import { explainedProblem, problemOf } from "@clientele/contract/errors";
import { isOn, type Static } from "@clientele/contract/formats";
import type { ImportFileQuery } from "@clientele/contract/import-jobs";
import type { Call } from "../../call.ts";
import { required } from "../../validation/required.ts";
import { fetchFile, nameFile } from "../files/upload-storage.ts";
import { readOptions } from "./options.ts";
import { fetchJob, fetchSame, insertJob, type Job } from "./store.ts";

const sameForMs = 24 * 3_600_000;

/**
 * Creates the import of an uploaded file, or returns the one that the same file with the same options created in the
 * last 24 hours: a client that lost the answer sends the file again, and it is imported once.
 */
export async function importOf(
  call: Call,
  query: Static<typeof ImportFileQuery>,
  received: Received,
): Promise<Job> {
  const { database } = call;
  const { options, fieldErrors } = readOptions(query, call.now);
  const file = await fetchFile(database, received.id);
  if (!file) throw new Error("The file that was received is not there.");
  if (file.sizeBytes === 0) throw explainedProblem("UPLOAD_EMPTY", {});
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const dryRun = isOn(query.dry_run);
  const identity = [
    file.type,
    file.sha256,
    dryRun,
    { ...options, latestYear: 0 },
    call.appId ?? call.personId,
    call.companyId,
  ];
  const fingerprint = createHash("sha256").update(JSON.stringify(identity)).digest("base64url");
  if (!isOn(query.again)) {
    const same = await fetchSame(database, fingerprint, new Date(call.now.getTime() - sameForMs));
    // The purge deletes the second upload.
    if (same) return same;
  }
  const id = call.newId();
  await database.batch([
    ...(query.file_name === undefined ? [] : [nameFile(database.enterpriseId, file.id, query.file_name)]),
    ...insertJob(
      database.enterpriseId,
      {
        id,
        kind: "import",
        dryRun,
        fileId: file.id,
        options,
        columns: [],
        planId: null,
        undoesId: null,
        rowsTotal: null,
        appId: call.appId,
        personId: call.personId,
        companyId: call.companyId,
        requestId: call.requestId,
        fingerprint,
      },
      call.now,
    ),
  ]);
  return required(await fetchJob(database, id), "the import");
}
