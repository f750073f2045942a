import { Type } from "typebox";
import { FieldWrite } from "./customers.ts";
import { Paging } from "./envelopes.ts";
import { closed, Flag, Id, Nullable, OneOf, type Static, StrictFlag, Timestamp } from "./formats.ts";
import { importOptions, importRows, matchKeys, RowError } from "./import-rows.ts";
import { route } from "./route.ts";

/** Maximum size of an imported file in bytes, uncompressed. */
export const importFileBytesMax = 8 * 1024 ** 3;

/** Media types of an import file, besides JSON. */
export const importFileTypes = [
  "text/csv",
  "text/tab-separated-values",
  "application/x-ndjson",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/octet-stream",
  "multipart/form-data",
] as const;

const text = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ maxLength, description }));

/** The options of a file import, as query parameters or as parts of a form. */
export const ImportFileQuery = Type.Object({
  mode: importOptions.mode,
  match_on: importOptions.match_on,
  dry_run: Type.Optional(StrictFlag),
  atomic: Type.Optional(StrictFlag),
  on_unknown: Type.Optional(
    OneOf(["error", "warn"], {
      description:
        "How to treat a column without a field, or an unknown field of a row. With `error`, the default, unmapped columns stop the import before its first row.",
    }),
  ),
  ignore_mandatory_validation: Type.Optional(Flag),
  mapping: text(
    100_000,
    "JSON object that maps a heading (or `#3`, the third column) to an attribute, a field's id, `defaultId` or label, to null to skip the column, or to `{create: {label, type}}` to create a field.",
  ),
  create_fields: Type.Optional(
    Type.Unsafe<unknown>({
      ...Flag,
      description: "A flag: columns that match no field become new TEXT fields.",
    }),
  ),
  date_format: text(
    40,
    "Date format of the file: `DD.MM.YYYY`, `MM/DD/YYYY`, … `YYYY-MM-DD` is always accepted.",
  ),
  default_country: text(2, "Country of phone numbers without a country code, ISO 3166-1 alpha-2."),
  decimal: Type.Optional(
    OneOf([".", ","], {
      description:
        "Decimal separator. Without it, numbers must use a decimal point and no thousands separator.",
    }),
  ),
  list_separator: text(3, "Separator between multiple values in one cell. Default `;`."),
  empty: Type.Optional(
    OneOf(["keep", "clear"], {
      description: "Whether an empty cell keeps or clears the value of the field. Default keep.",
    }),
  ),
  delimiter: text(3, "Column delimiter of a CSV file: `,`, `;`, `tab` or `|`. Detected by default."),
  encoding: Type.Optional(
    OneOf(["utf-8", "utf-16le", "utf-16be", "windows-1252"], { description: "Detected by default." }),
  ),
  sheet: text(100, "The sheet of a workbook. Default: the first visible sheet."),
  file_name: text(255, "Name of the file to show to people."),
  again: Type.Optional(
    Type.Unsafe<unknown>({
      ...Flag,
      description:
        "A flag: always start a new import. Without it, the same file with the same options returns the import started within the last 24 hours, unless that import failed, was cancelled or was undone.",
    }),
  ),
});

export const importKinds = ["import", "bulk", "undo"] as const;
export type ImportKind = (typeof importKinds)[number];

const tags = (description: string) =>
  Type.Optional(Type.Array(Type.String(), { maxItems: 1_000, description }));

/** The change of each selected customer. */
export const BulkChange = Type.Object(
  {
    customfields: Type.Optional(
      Type.Array(FieldWrite, { maxItems: 1_000, description: "As in an update of one customer." }),
    ),
    add_tag_ids: tags("Tags to add."),
    remove_tag_ids: tags("Tags to remove."),
    delete: Type.Optional(
      Type.Literal(true, { description: "Deletes the customers. Cannot be combined with other changes." }),
    ),
  },
  { ...closed, title: "BulkChange" },
);

const openPhases = ["queued", "reading", "planning", "checking", "applying", "undoing"] as const;
export const finalPhases = ["completed", "failed", "cancelled"] as const;
export const importPhases = [...openPhases, ...finalPhases] as const;
export type RunningPhase = Exclude<ImportPhase, "queued" | (typeof finalPhases)[number]>;
export type ImportPhase = (typeof importPhases)[number];

const count = (description: string) => Type.Integer({ description });

export const ImportColumn = Type.Object(
  {
    position: Type.Integer({ description: "1-based." }),
    heading: Type.String(),
    target: Nullable(
      Type.String({
        description: "An attribute or a field's id. Null: the column is not imported.",
      }),
    ),
    label: Type.String({ description: "Display name of the target." }),
    foundBy: Nullable(OneOf(["given", "id", "defaultId", "label", "attribute"])),
    creates: Type.Boolean({ description: "True when this import creates the field." }),
    ignored: Nullable(OneOf(["asked", "read-only", "report"])),
    samples: Type.Array(Type.String(), { description: "The first non-empty values." }),
  },
  { title: "ImportColumn" },
);

const optionalText = Nullable(Type.String());
const ImportJobOptions = Type.Object(
  {
    mode: OneOf(["upsert", "create", "update"]),
    matchOn: Type.Array(OneOf(matchKeys)),
    atomic: Type.Boolean(),
    onUnknown: OneOf(["error", "warn"]),
    ignoreMandatoryValidation: Type.Boolean(),
    createFields: Type.Boolean(),
    mapping: Nullable(Type.Record(Type.String(), Type.Unknown())),
    dateFormat: optionalText,
    defaultCountry: optionalText,
    decimal: Nullable(OneOf([".", ","])),
    listSeparator: Type.String(),
    empty: OneOf(["keep", "clear"]),
    delimiter: optionalText,
    encoding: optionalText,
    sheet: optionalText,
  },
  { title: "ImportJobOptions" },
);

export const ImportJob = Type.Object(
  {
    id: Id,
    kind: OneOf(importKinds),
    change: Nullable(
      Type.Unsafe<Static<typeof BulkChange>>({
        ...BulkChange,
        description: "For a bulk change and its undo: the change. Otherwise null.",
      }),
    ),
    phase: OneOf(importPhases, { description: "`completed`, `failed` and `cancelled` are final." }),
    dryRun: Type.Boolean({
      description: "True for a dry run: computes the outcome of each row without writing.",
    }),
    planId: Nullable(
      Type.Unsafe<string>({ ...Id, description: "The dry run whose plan this import applies." }),
    ),
    undoes: Nullable(Type.Unsafe<string>({ ...Id, description: "The import that this one undoes." })),
    undoneBy: Nullable(Type.Unsafe<string>({ ...Id, description: "The import that undoes this one." })),
    file: Nullable(
      Type.Object({
        name: Type.String(),
        type: Type.String(),
        sizeBytes: Type.Integer({ description: "Uncompressed size." }),
        sha256: Type.String(),
        encoding: Nullable(Type.String()),
      }),
    ),
    options: Nullable(
      Type.Unsafe<Static<typeof ImportJobOptions>>({
        ...ImportJobOptions,
        description:
          "The options of a file import, for importing its corrected rows with the same options. Null for other kinds.",
      }),
    ),
    columns: Type.Array(ImportColumn, {
      description: "The columns of a file with headings and their targets.",
    }),
    rowsTotal: Nullable(count("Null until the file has been read.")),
    rowsRead: count("Rows processed so far."),
    created: count("Customers created; for an undo, deleted customers that were restored."),
    updated: count("Customers changed; for an undo, customers whose former values were restored."),
    unchanged: count("Rows that changed nothing."),
    deleted: count("Customers deleted by a bulk deletion; for an undo, created customers that were deleted."),
    failed: count("Rows with errors; for an undo, customers that have changed since and were not reverted."),
    warned: count("Rows with warnings."),
    progress: Type.Number({ description: "Progress within the phase, 0 to 1." }),
    rowsPerSecond: Nullable(Type.Number({ description: "Rate within the phase." })),
    secondsLeft: Nullable(Type.Integer({ description: "Estimated seconds until the end of the phase." })),
    problem: Nullable(
      Type.Object({
        code: Type.String(),
        message: Type.String(),
        details: Type.Array(RowError),
      }),
    ),
    appId: Nullable(Id),
    personId: Nullable(Id),
    personName: Type.String(),
    companyId: Nullable(Id),
    createdAt: Timestamp,
    startedAt: Nullable(Timestamp),
    finishedAt: Nullable(Timestamp),
    expiresAt: Type.Unsafe<string>({
      ...Timestamp,
      description: "When the import is deleted, with its file and its report.",
    }),
  },
  { title: "ImportJob" },
);

export const rowOutcomes = ["created", "updated", "unchanged", "deleted", "failed"] as const;

export const ImportJobRow = Type.Object(
  {
    index: Type.Integer({ description: "0-based row number." }),
    line: Type.Integer({ description: "Line of the file, or row of the sheet, where the row begins." }),
    outcome: OneOf(rowOutcomes),
    id: Nullable(Id),
    matchedBy: Nullable(Type.String()),
    errors: Type.Array(RowError),
    warnings: Type.Array(RowError),
    changes: Type.Array(
      Type.Object({
        attribute: Type.String({ description: "`externalId`, `tags`, … or `fields.<field id>`." }),
        label: Type.String(),
        before: Type.Unknown(),
        after: Type.Unknown(),
      }),
      { description: "For a dry run: the changes that the row would make." },
    ),
  },
  { title: "ImportJobRow" },
);

const group = "Imports";
const path = "/v1/customer-imports";
const params = Type.Object({ importId: Type.String() });
const one = { path: `${path}/{importId}`, group, extension: true, params } as const;

export const createImport = route({
  operationId: "createImport",
  method: "POST",
  path,
  group,
  summary: "Import a file as a job",
  description:
    "Accepts CSV, NDJSON, XLSX or JSON with any number of rows, also with `Content-Encoding: gzip`, or as the part `file` of a form. `POST /v1/enterprise-customers/import` does the same, but processes up to 10,000 rows of JSON within the request.",
  scope: "WRITE",
  extension: true,
  query: ImportFileQuery,
  body: importRows,
  bodyFiles: importFileTypes,
  bodyBytesMax: importFileBytesMax,
  status: 202,
  shape: "single",
  answer: ImportJob,
  errors: ["REQUEST_INVALID", "IMPORT_FILE_INVALID"],
});

export const listImports = route({
  operationId: "listImports",
  method: "GET",
  path,
  group,
  summary: "List imports, newest first",
  scope: "READ",
  extension: true,
  query: Type.Object({ ...Paging, phase: Type.Optional(OneOf(importPhases)) }, closed),
  status: 200,
  shape: "list",
  answer: ImportJob,
  errors: ["REQUEST_INVALID"],
});

export const fetchImport = route({
  operationId: "fetchImport",
  method: "GET",
  ...one,
  summary: "Fetch an import",
  scope: "READ",
  status: 200,
  shape: "single",
  answer: ImportJob,
  errors: ["IMPORT_NOT_FOUND"],
});

export const listImportRows = route({
  operationId: "listImportRows",
  method: "GET",
  ...one,
  path: `${one.path}/rows`,
  summary: "List the rows of an import with their outcome, in order",
  scope: "READ",
  query: Type.Object({ ...Paging, outcome: Type.Optional(OneOf(rowOutcomes)) }),
  status: 200,
  shape: "list",
  answer: ImportJobRow,
  errors: ["REQUEST_INVALID", "IMPORT_NOT_FOUND"],
});

export const fetchImportErrors = route({
  operationId: "fetchImportErrors",
  method: "GET",
  ...one,
  path: `${one.path}/errors.csv`,
  summary: "Download the failed rows to correct and import again",
  description:
    "The original columns, then `import_line`, `import_field`, `import_code` and `import_message`, which an import ignores. One line per row, with multiple errors separated by `; `. For a dry run, the rows that would fail. Rows of JSON have a column for each field, and the whole row as `import_record`.",
  scope: "READ",
  status: 200,
  shape: "file",
  fileTypes: ["text/csv"],
  answer: Type.String(),
  errors: ["IMPORT_NOT_FOUND"],
});

export const followImport = route({
  operationId: "followImport",
  method: "GET",
  ...one,
  path: `${one.path}/progress`,
  summary: "Follow the progress of an import as server-sent events",
  description:
    "Sends a `progress` event whenever the import advances and an `end` event when its phase is final. The data of each event is the import as JSON.",
  scope: "READ",
  status: 200,
  shape: "file",
  fileTypes: ["text/event-stream"],
  answer: Type.String(),
  errors: ["IMPORT_NOT_FOUND"],
});

export const applyImport = route({
  operationId: "applyImport",
  method: "POST",
  ...one,
  path: `${one.path}/apply`,
  summary: "Apply the plan of a dry run",
  description:
    "Applies exactly the plan of the dry run. When a record that the plan depends on has changed since, the import stops before its first row and reports which record.",
  scope: "WRITE",
  status: 202,
  shape: "single",
  answer: ImportJob,
  errors: ["IMPORT_NOT_FOUND", "IMPORT_NOT_READY"],
});

export const undoImport = route({
  operationId: "undoImport",
  method: "POST",
  ...one,
  path: `${one.path}/undo`,
  summary: "Undo an import",
  description:
    "Deletes the customers that the import created and restores the former values of those that it changed. Customers changed since are not reverted and are listed as failed. The undo of a bulk change reverts each value and tag that has not changed since, and restores deleted customers.",
  scope: "WRITE",
  status: 202,
  shape: "single",
  answer: ImportJob,
  errors: ["IMPORT_NOT_FOUND", "IMPORT_NOT_READY"],
});

export const cancelImport = route({
  operationId: "cancelImport",
  method: "POST",
  ...one,
  path: `${one.path}/cancel`,
  summary: "Cancel an import",
  description: "Rows already written stay and can be undone.",
  scope: "WRITE",
  status: 200,
  shape: "single",
  answer: ImportJob,
  errors: ["IMPORT_NOT_FOUND", "IMPORT_NOT_READY"],
});

export const fetchImportTemplate = route({
  operationId: "fetchImportTemplate",
  method: "GET",
  path: "/v1/enterprise-customers/import-template.csv",
  group,
  summary: "Download a CSV template with a column for each field of the enterprise",
  scope: "READ",
  extension: true,
  status: 200,
  shape: "file",
  fileTypes: ["text/csv"],
  answer: Type.String(),
  errors: [],
});
