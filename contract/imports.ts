import { type TSchema, Type } from "typebox";
import { customerWriteAttributes } from "./customers.ts";
import { closed, Flag, Id, Nullable, OneOf } from "./formats.ts";
import { route } from "./route.ts";

/** Rows of one import that is answered at once. */
export const importRowsMax = 10_000;

export const ImportRow = Type.Object(
  {
    id: Type.Optional(Nullable(Type.String())),
    ...customerWriteAttributes,
    import_customer_id: Type.Optional(Nullable(Type.String({ maxLength: 255 }))),
    ignore_mandatory_validation: Type.Optional(Flag),
    values: Type.Optional(
      Nullable(
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Null(), Type.Array(Type.String())]), {
          description: "Field id, `defaultId` or label to value.",
        }),
      ),
    ),
  },
  { ...closed, title: "ImportRow" },
);

export const matchKeys = ["id", "external_id", "import_customer_id"] as const;
export type MatchKey = (typeof matchKeys)[number];

const importOptions = {
  match_on: Type.Optional(
    Type.Array(OneOf(matchKeys), {
      maxItems: matchKeys.length,
      uniqueItems: true,
      description: "What tells that a row is a customer we have, in this order. Default: all three.",
    }),
  ),
  mode: Type.Optional(
    OneOf(["upsert", "create", "update"], {
      description: "Default upsert.",
    }),
  ),
  dry_run: Type.Optional(Flag),
  atomic: Type.Optional(Flag),
  on_unknown: Type.Optional(
    OneOf(["error", "warn"], {
      description: "What an unknown field of a row is. Default error.",
    }),
  ),
  ignore_mandatory_validation: Type.Optional(Flag),
};
const importOf = <T extends TSchema>(row: T) => {
  const customers = Type.Array(row, { maxItems: importRowsMax });
  return Type.Union([
    Type.Object({ customers, ...importOptions }, { ...closed, title: "ImportRequest" }),
    customers,
  ]);
};

export const RowFault = Type.Object(
  { path: Type.String(), code: Type.String(), message: Type.String() },
  { title: "RowFault" },
);

const ImportResult = Type.Object(
  {
    index: Type.Integer({ description: "0-based row." }),
    outcome: OneOf(["created", "updated", "unchanged", "failed"]),
    id: Nullable(Id),
    matchedBy: Nullable(
      Type.String({ description: "Which key matched; `row` for an earlier row of this import." }),
    ),
    errors: Type.Array(RowFault),
    warnings: Type.Array(RowFault),
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
  body: importOf(ImportRow),
  // A row that does not fit fails alone.
  bodyEnvelope: importOf(Type.Unknown()),
  bodyBytesMax: 64 * 1024 * 1024,
  status: 200,
  shape: "single",
  answer: ImportReport,
  errors: ["REQUEST_INVALID"],
});
