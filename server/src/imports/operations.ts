import { Received } from "@clientele/contract/envelopes";
import { bodyError, rowErrorOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { isOn } from "@clientele/contract/formats";
import type * as jobs from "@clientele/contract/import-jobs";
import { importFileBytesMax } from "@clientele/contract/import-jobs";
import { ImportRow, matchKeys } from "@clientele/contract/import-rows";
import * as contract from "@clientele/contract/imports";
import type { Call, Operation } from "../call.ts";
import { currentDefinitions } from "../custom-fields/definitions.ts";
import { checkAndRead } from "../customers/check-row.ts";
import type { RowOutcome } from "../customers/plan.ts";
import type { ReadOptions } from "../customers/read-row.ts";
import { writeRows } from "../customers/write.ts";
import { compileCheck, rowErrorsMax } from "../validation/schema-check.ts";
import { storeFile } from "./files/upload-storage.ts";
import { answerOf } from "./job/job-answer.ts";
import { importOf } from "./job/new-job.ts";

const checkRow = compileCheck(ImportRow, "body", rowErrorsMax);

type ImportBody = Exclude<Parameters<Operation<typeof contract.importCustomers>>[1]["body"], Received>;
type ImportRequest = Exclude<ImportBody, readonly unknown[]>;

/** Writes many customers in one transaction, on the same path as one customer, with an outcome for each. */
export const importCustomers: Operation<typeof contract.importCustomers> = async (call, { query, body }) => {
  if (body instanceof Received) return accept(call, query, body);
  const given = {
    ...(query.mode && { mode: query.mode }),
    ...(query.match_on && { match_on: query.match_on }),
    ...(query.on_unknown && { on_unknown: query.on_unknown }),
    dry_run: query.dry_run,
    atomic: query.atomic,
    ignore_mandatory_validation: query.ignore_mandatory_validation,
  };
  const request: ImportRequest = {
    ...given,
    ...(Array.isArray(body) ? { customers: body } : (body as ImportRequest)),
  };
  if (request.customers.length > contract.importRowsMax)
    return accept(call, { ...query, dry_run: request.dry_run }, await storeBody(call, request));
  const { match_on: matchOn = matchKeys, mode = "upsert" } = request;
  const atomic = isOn(request.atomic);
  const dryRun = isOn(request.dry_run);
  const definitions = await currentDefinitions(call.database);
  const ignoreMandatory = isOn(request.ignore_mandatory_validation);
  const options: ReadOptions = { unknownFields: request.on_unknown ?? "error" };
  const rows = request.customers.map((row, index) => {
    const read = checkAndRead(definitions, index, row, checkRow, options);
    return ignoreMandatory ? { ...read, ignoreMandatory } : read;
  });

  const { plan } = await writeRows(call, definitions, rows, {
    matchOn,
    mode,
    atomic,
    dryRun,
    reason: "import",
    isLast: true,
  });
  const nothingWritten = atomic && plan.outcomes.some(({ outcome }) => outcome === "failed");
  const created = new Set(plan.outcomes.filter(({ outcome }) => outcome === "created").map(({ id }) => id));
  const results = plan.outcomes.map((planned) => {
    const outcome = nothingWritten ? notWritten(planned) : planned;
    // The id of a customer that was not created must not leave the service.
    const id = (dryRun || nothingWritten) && created.has(planned.id) ? null : planned.id;
    return resultOf({ ...outcome, id });
  });
  const counted = (outcome: RowOutcome["outcome"]) =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    data: {
      created: counted("created"),
      updated: counted("updated"),
      unchanged: counted("unchanged"),
      failed: counted("failed"),
      results,
    },
  };
};

export const createImport: Operation<typeof jobs.createImport> = async (call, { query, body }) =>
  accept(call, query, body instanceof Received ? body : await storeBody(call, body));

/** Stores a request with more rows than one answer allows as a file. */
const storeBody = (call: Call, request: unknown): Promise<Received> =>
  storeFile((work) => work(call.database), {
    type: "application/json",
    name: "",
    bytes: (async function* () {
      yield Buffer.from(JSON.stringify(request));
    })(),
    bytesMax: importFileBytesMax,
    now: call.now,
    query: {},
  });

async function accept(call: Call, query: Parameters<typeof importOf>[1], file: Received) {
  const job = await importOf(call, query, file);
  return { data: answerOf(job), location: `/v1/customer-imports/${job.id}` };
}

/** The outcome of a row without errors when another row fails an atomic import. */
function notWritten(outcome: RowOutcome): RowOutcome {
  if (outcome.outcome === "failed") return outcome;
  const fieldError = bodyError("", "ROW_NOT_WRITTEN", reason("ROW_NOT_WRITTEN"));
  return {
    ...outcome,
    outcome: "failed",
    id: outcome.outcome === "created" ? null : outcome.id,
    fieldErrors: [fieldError],
  };
}

const resultOf = ({ index, outcome, id, matchedBy, fieldErrors, warnings }: RowOutcome) => ({
  index,
  outcome,
  id,
  matchedBy,
  errors: fieldErrors.map(rowErrorOf),
  warnings: warnings.map(rowErrorOf),
});
