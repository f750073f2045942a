import { type TSchema, Type } from "typebox";
import { closed, Id, Nullable, OneOf } from "./formats.ts";
import { ImportFileQuery, ImportJob, importFileBytesMax, importFileTypes } from "./import-jobs.ts";
import { ImportRow, importOptions, RowError } from "./import-rows.ts";
import { route } from "./route.ts";

/** Rows of one import that is answered at once. */
export const importRowsMax = 10_000;

const importOf = <T extends TSchema>(row: T, options: { maxItems?: number } = {}) => {
  const customers = Type.Array(row, options);
  return Type.Union([
    Type.Object({ customers, ...importOptions }, { ...closed, title: "ImportRequest" }),
    customers,
  ]);
};

const ImportResult = Type.Object(
  {
    index: Type.Integer({ description: "0-based row." }),
    outcome: OneOf(["created", "updated", "unchanged", "failed"]),
    id: Nullable(Id),
    matchedBy: Nullable(
      Type.String({ description: "Which key matched; `row` for an earlier row of this import." }),
    ),
    errors: Type.Array(RowError),
    warnings: Type.Array(RowError),
  },
  { title: "ImportResult" },
);

const count = Type.Integer();
const ImportReport = Type.Object(
  { created: count, updated: count, unchanged: count, failed: count, results: Type.Array(ImportResult) },
  { title: "ImportReport" },
);

export const importCustomers = route({
  operationId: "importCustomers",
  method: "POST",
  path: "/v1/enterprise-customers/import",
  group: "Import",
  summary: "Create or update many customers",
  description:
    "Up to 10,000 rows, one result each, in order. Good rows are kept when others fail, unless `atomic`. Rows that mean the same customer are merged in order, with the warning `ROW_REPEATED`. A bare array of rows is accepted too.",
  scope: "WRITE",
  body: importOf(ImportRow, { maxItems: importRowsMax }),
  // A row that does not fit fails alone. What is too large to be answered at once becomes a job.
  bodyEnvelope: importOf(Type.Unknown()),
  bodyBytesMax: importFileBytesMax,
  bodyJsonBytesMax: 16 * 1024 * 1024,
  bodyFiles: importFileTypes,
  query: ImportFileQuery,
  accepted: ImportJob,
  status: 200,
  shape: "single",
  answer: ImportReport,
  errors: ["REQUEST_INVALID", "IMPORT_FILE_INVALID"],
});
