import { type TSchema, Type } from "typebox";
import { closed, Id, Nullable, OneOf } from "./formats.ts";
import { ImportFileQuery, ImportJob, importFileBytesMax, importFileTypes } from "./import-jobs.ts";
import { ImportRow, importOptions, RowError } from "./import-rows.ts";
import { route } from "./route.ts";

/** Maximum rows of an import that completes within its request. */
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
    index: Type.Integer({ description: "0-based row number." }),
    outcome: OneOf(["created", "updated", "unchanged", "failed"]),
    id: Nullable(Id),
    matchedBy: Nullable(
      Type.String({
        description: "The key that matched; `row` when an earlier row of this import is the same customer.",
      }),
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
    "Accepts up to 10,000 rows and returns one result per row, in order. Valid rows are written even when others fail, unless `atomic` is set. Rows for the same customer are merged in order, with the warning `ROW_REPEATED`. The body may also be an array of rows.",
  scope: "WRITE",
  body: importOf(ImportRow, { maxItems: importRowsMax }),
  // An invalid row fails without failing the others. A larger body becomes a job.
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
