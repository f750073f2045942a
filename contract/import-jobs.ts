import { Type } from "typebox";
import { FieldWrite } from "./customers.ts";
import { Paging } from "./envelopes.ts";
import { closed, Flag, Id, Nullable, OneOf, type Static, Timestamp } from "./formats.ts";
import { importOptions, importRows, matchKeys, RowError } from "./import-rows.ts";
import { route } from "./route.ts";

/** Bytes of a file that is imported, unpacked. */
export const importFileBytesMax = 8 * 1024 ** 3;

/** What a file may be, besides JSON. */
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

/** How a file is read and what is done with its rows: as query parameters, or as parts of a form. */
export const ImportFileQuery = Type.Object({
  mode: importOptions.mode,
  match_on: importOptions.match_on,
  dry_run: Type.Optional(Flag),
  atomic: Type.Optional(Flag),
  on_unknown: Type.Optional(
    OneOf(["error", "warn"], {
      description:
        "What a column without a field, or an unknown field of a row, is. With `error`, the default, columns stop the import before its first row.",
    }),
  ),
  ignore_mandatory_validation: Type.Optional(Flag),
  mapping: text(
    100_000,
    "JSON: heading (or `#3`, the third column) to an attribute, a field's id, `defaultId` or label; to null to leave the column out; or to `{create: {label, type}}`.",
  ),
  create_fields: Type.Optional(
    Type.Unsafe<unknown>({
      ...Flag,
      description: "A flag: columns that no field is found for become new TEXT fields.",
    }),
  ),
  date_format: text(40, "How dates are written: `DD.MM.YYYY`, `MM/DD/YYYY`, … `YYYY-MM-DD` is always read."),
  default_country: text(2, "ISO 3166-1 alpha-2: the country of phone numbers that name none."),
  decimal: Type.Optional(
    OneOf([".", ","], {
      description:
        "The decimal separator of numbers. Without it numbers have no thousands, and a point before their fraction.",
    }),
  ),
  list_separator: text(3, "What separates several choices or tags in one cell. Default `;`."),
  empty: Type.Optional(
    OneOf(["keep", "clear"], { description: "What an empty cell does to the field. Default keep." }),
  ),
  delimiter: text(3, "Of CSV: `,`, `;`, `tab` or `|`. Found by itself."),
  encoding: Type.Optional(
    OneOf(["utf-8", "utf-16le", "utf-16be", "windows-1252"], { description: "Found by itself." }),
  ),
  sheet: text(100, "The sheet of a workbook. Default: the first one that is visible."),
  file_name: text(255, "What people call the file."),
  again: Type.Optional(
    Type.Unsafe<unknown>({
      ...Flag,
      description:
        "A flag: start anew. Without it the same file with the same options gives the import that it gave within the last 24 hours, unless that one failed, was cancelled or undone.",
    }),
  ),
});

export const importKinds = ["import", "bulk", "undo"] as const;
export type ImportKind = (typeof importKinds)[number];

const tags = (description: string) =>
  Type.Optional(Type.Array(Type.String(), { maxItems: 1_000, description }));

/** What a bulk change does to each of its customers. */
export const BulkChange = Type.Object(
  {
    customfields: Type.Optional(
      Type.Array(FieldWrite, { maxItems: 1_000, description: "As in an update of one customer." }),
    ),
    add_tag_ids: tags("Tags that each gets besides those it has."),
    remove_tag_ids: tags("Tags that each loses."),
    delete: Type.Optional(Type.Literal(true, { description: "They are deleted. Goes with nothing else." })),
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
        description: "An attribute, or a field's id. Null: no row says anything by this column.",
      }),
    ),
    label: Type.String({ description: "What the target is called." }),
    foundBy: Nullable(OneOf(["given", "id", "defaultId", "label", "attribute"])),
    creates: Type.Boolean({ description: "The field is made by this import." }),
    ignored: Nullable(OneOf(["asked", "read-only", "report"])),
    samples: Type.Array(Type.String(), { description: "The first values that are not empty." }),
  },
  { title: "ImportColumn" },
);

const said = Nullable(Type.String());
const ImportJobOptions = Type.Object(
  {
    mode: OneOf(["upsert", "create", "update"]),
    matchOn: Type.Array(OneOf(matchKeys)),
    atomic: Type.Boolean(),
    onUnknown: OneOf(["error", "warn"]),
    ignoreMandatoryValidation: Type.Boolean(),
    createFields: Type.Boolean(),
    mapping: Nullable(Type.Record(Type.String(), Type.Unknown())),
    dateFormat: said,
    defaultCountry: said,
    decimal: Nullable(OneOf([".", ","])),
    listSeparator: Type.String(),
    empty: OneOf(["keep", "clear"]),
    delimiter: said,
    encoding: said,
    sheet: said,
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
        description: "Of a bulk change, and of its undo: what was done.",
      }),
    ),
    phase: OneOf(importPhases, { description: "`completed`, `failed` and `cancelled` are final." }),
    dryRun: Type.Boolean({ description: "Says what would happen, and does none of it." }),
    planId: Nullable(
      Type.Unsafe<string>({ ...Id, description: "The dry run whose plan this import performs." }),
    ),
    undoes: Nullable(Type.Unsafe<string>({ ...Id, description: "The import that this one undoes." })),
    undoneBy: Nullable(Type.Unsafe<string>({ ...Id, description: "The import that undoes this one." })),
    file: Nullable(
      Type.Object({
        name: Type.String(),
        type: Type.String(),
        sizeBytes: Type.Integer({ description: "Unpacked." }),
        sha256: Type.String(),
        encoding: Nullable(Type.String()),
      }),
    ),
    options: Nullable(
      Type.Unsafe<Static<typeof ImportJobOptions>>({
        ...ImportJobOptions,
        description:
          "Of the import of a file: how it is read and what is done with its rows, so that its mended rows are read alike. Null of other kinds.",
      }),
    ),
    columns: Type.Array(ImportColumn, { description: "Of a file with headings: what each column means." }),
    rowsTotal: Nullable(count("Known once the file was read.")),
    rowsRead: count("Rows that were dealt with."),
    created: count("Customers created; of an undo those that a bulk deletion had put away."),
    updated: count("Customers changed; of an undo those that are again as they were."),
    unchanged: count("Rows that change nothing."),
    deleted: count("Of a bulk deletion; of an undo: created customers that were put away."),
    failed: count("Rows with errors; of an undo customers that have changed since and stay."),
    warned: count("Rows with warnings."),
    progress: Type.Number({ description: "0 to 1, within the phase." }),
    rowsPerSecond: Nullable(Type.Number({ description: "Within the phase." })),
    secondsLeft: Nullable(Type.Integer({ description: "Of the phase, at the rate so far." })),
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
      description: "When it is forgotten, with its file and its report.",
    }),
  },
  { title: "ImportJob" },
);

export const rowOutcomes = ["created", "updated", "unchanged", "deleted", "failed"] as const;

export const ImportJobRow = Type.Object(
  {
    index: Type.Integer({ description: "0-based row." }),
    line: Type.Integer({ description: "Line of the file, or row of the sheet, where it begins." }),
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
      { description: "Of a dry run: what would change." },
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
    "CSV, NDJSON, XLSX or JSON of any number of rows, also with `Content-Encoding: gzip`, or as the part `file` of a form. The same as `POST /v1/enterprise-customers/import`, which answers up to 10,000 rows of JSON at once.",
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
  summary: "List what became of the rows of an import, in their order",
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
  summary: "The rows that failed, as a file to mend and import again",
  description:
    "The original columns, then `import_line`, `import_field`, `import_code` and `import_message`, which an import leaves out; one line a row, several errors parted by `; `. Of a dry run the rows that would fail. Rows of JSON come with a column for each field, and whole as `import_record`.",
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
  summary: "The import each time that it has got on, as server-sent events",
  description: "Events `progress`, and `end` when it is final; the data of each is the import as JSON.",
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
  summary: "Perform the plan of a dry run",
  description:
    "The very plan: where a record that it rests on has changed since, the import stops before its first row and says which.",
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
    "Puts the customers that it created away and gives those that it changed their values back. Who has changed since stays, and is listed as failed. Of a bulk change, each value and tag goes back that nobody has changed since, and deleted customers come back.",
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
  description: "Rows that are written stay, and can be undone.",
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
  summary: "A CSV file with a column for each field of the enterprise",
  scope: "READ",
  extension: true,
  status: 200,
  shape: "file",
  fileTypes: ["text/csv"],
  answer: Type.String(),
  errors: [],
});
