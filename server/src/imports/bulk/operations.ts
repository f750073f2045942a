import type * as contract from "@clientele/contract/bulk";
import type { Received } from "@clientele/contract/envelopes";
import { bodyError, explainedProblem, type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { isOn } from "@clientele/contract/formats";
import { importFileBytesMax } from "@clientele/contract/import-jobs";
import type { Call, Operation } from "../../call.ts";
import { currentDefinitions, type Definitions } from "../../custom-fields/definitions.ts";
import { selectedIds } from "../../customers/list/selected-ids.ts";
import { readSelection } from "../../customers/list/selection.ts";
import { readFieldWrite, readRow } from "../../customers/read-row.ts";
import { required } from "../../validation/required.ts";
import { storeFile } from "../files/upload-storage.ts";
import { answerOf } from "../job/job-answer.ts";
import { type BulkChange, optionsOfBulk } from "../job/options.ts";
import { fetchJob, insertJob } from "../job/store.ts";

/** A bulk change is an import whose rows are the selected ids, each with the same change. */
export const bulkChangeCustomers: Operation<typeof contract.bulkChangeCustomers> = async (call, { body }) => {
  const { database } = call;
  const { change } = body;
  if (change.delete) refuseWithoutDelete(call);
  const definitions = await currentDefinitions(database);
  const { filters, fieldErrors } = readSelection(definitions, body.selection);
  fieldErrors.push(...errorsOfChange(definitions, change));
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);

  const { ids, except_ids } = body.selection;
  const selected = ids ? chosenIds(ids) : selectedIds(database, filters, idsAtOnce);
  const { file, count } = await storeIds(call, selected, new Set(except_ids));
  const { expected_count: expected = count } = body;
  if (count !== expected) throw explainedProblem("SELECTED_COUNT_DIFFERS", { count, expected }, { count });
  const id = call.newId();
  const job = {
    id,
    kind: "bulk" as const,
    dryRun: isOn(body.dry_run),
    fileId: file.id,
    options: optionsOfBulk(change, isOn(body.ignore_mandatory_validation), call.now),
    columns: [],
    planId: null,
    undoesId: null,
    rowsTotal: count,
    appId: call.appId,
    personId: call.personId,
    companyId: call.companyId,
    requestId: call.requestId,
    fingerprint: `bulk ${id}`,
  };
  await database.batch(insertJob(database.enterpriseId, job, call.now));
  return {
    data: answerOf(required(await fetchJob(database, id), "the import")),
    location: `/v1/customer-imports/${id}`,
  };
};

/** The route requires WRITE; a change that deletes requires DELETE too. */
export function refuseWithoutDelete({ database }: Call): void {
  if (!database.session.scopes.includes("DELETE")) throw new Problem("SCOPE_MISSING");
}

/** Errors that the change has for every customer: reported once, before the job. */
function errorsOfChange(definitions: Definitions, change: BulkChange): FieldError[] {
  const {
    customfields = [],
    add_tag_ids: added = [],
    remove_tag_ids: removed = [],
    delete: isDelete,
    ...others
  } = change;
  // An attribute that the contract gains does not compile until it is read here.
  const unread: Record<string, never> = others;
  if (Object.keys(unread).length > 0)
    return Object.keys(unread).map((name) =>
      bodyError(`change.${name}`, "REQUEST_INVALID", reason("ATTRIBUTE_UNKNOWN")),
    );
  if (Object.keys(change).length === 0)
    return [bodyError("change", "REQUEST_INVALID", reason("CHANGE_EMPTY"))];
  if (isDelete && Object.keys(change).length > 1)
    return [bodyError("change", "REQUEST_INVALID", reason("CHANGE_BESIDE_DELETE"))];
  const row = readRow(definitions, 0, { customfields }, { unknownFields: "error" });
  const values = row.fields.flatMap((write) => {
    const read = readFieldWrite(write, null);
    return "fieldError" in read ? [bodyError(write.path, "FIELD_VALUE_INVALID", read.fieldError)] : [];
  });
  const unknown = (attribute: string, tagIds: readonly string[]) =>
    tagIds.flatMap((id, at) =>
      definitions.tagNames.has(id)
        ? []
        : [bodyError(`${attribute}.${at}`, "TAG_UNKNOWN", reason("TAG_UNKNOWN"))],
    );
  const both = removed.flatMap((id, at) =>
    added.includes(id)
      ? [bodyError(`remove_tag_ids.${at}`, "REQUEST_INVALID", reason("TAG_ADDED_AND_REMOVED"))]
      : [],
  );
  return [
    ...row.fieldErrors,
    ...values,
    ...unknown("add_tag_ids", added),
    ...unknown("remove_tag_ids", removed),
    ...both,
  ].map((fieldError) => ({ ...fieldError, path: `change.${fieldError.path}` }));
}

const idsAtOnce = 50_000;

async function* chosenIds(ids: readonly string[]): AsyncGenerator<string[]> {
  yield [...new Set(ids)];
}

/** Stores the ids as a file with a row for each. Returns it and their number. */
async function storeIds(
  { database, now }: Call,
  selected: AsyncGenerator<string[]>,
  except: ReadonlySet<string>,
): Promise<{ file: Received; count: number }> {
  let count = 0;
  const file = await storeFile((work) => work(database), {
    type: "application/x-ndjson",
    name: "",
    bytes: (async function* () {
      for await (const ids of selected) {
        const included = ids.filter((id) => !except.has(id));
        count += included.length;
        yield Buffer.from(included.map((id) => `${JSON.stringify({ id })}\n`).join(""));
      }
    })(),
    bytesMax: importFileBytesMax,
    now,
    query: { encoding: "utf-8" },
  });
  return { file, count };
}
