import { Type } from "typebox";
import { customerWriteAttributes } from "./customers.ts";
import { reasonAttributes } from "./envelopes.ts";
import { closed, Flag, Nullable, OneOf, StrictFlag } from "./formats.ts";

export const ImportRow = Type.Object(
  {
    id: Type.Optional(Nullable(Type.String())),
    ...customerWriteAttributes,
    import_customer_id: Type.Optional(Nullable(Type.String({ maxLength: 255 }))),
    ignore_mandatory_validation: Type.Optional(Flag),
    values: Type.Optional(
      Nullable(
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Null(), Type.Array(Type.String())]), {
          description: "Values by field id, `defaultId` or label.",
        }),
      ),
    ),
  },
  { ...closed, title: "ImportRow" },
);

export const matchKeys = ["id", "external_id", "import_customer_id"] as const;
export type MatchKey = (typeof matchKeys)[number];

export const importOptions = {
  match_on: Type.Optional(
    Type.Array(OneOf(matchKeys), {
      maxItems: matchKeys.length,
      uniqueItems: true,
      description: "Keys that match a row to an existing customer, in this order. Default: all three.",
    }),
  ),
  mode: Type.Optional(
    OneOf(["upsert", "create", "update"], {
      description: "Default upsert.",
    }),
  ),
  dry_run: Type.Optional(StrictFlag),
  atomic: Type.Optional(StrictFlag),
  on_unknown: Type.Optional(
    OneOf(["error", "warn"], {
      description: "How to treat an unknown field of a row. Default error.",
    }),
  ),
  ignore_mandatory_validation: Type.Optional(Flag),
};

/** The options of a JSON document beside its rows. */
export const importOptionsOfBody = Type.Object(importOptions, closed);

/** The body of an import that runs as a job. The number of rows is not limited; each row is validated on its own. */
export const importRows = Type.Union([
  Type.Object(
    { customers: Type.Array(ImportRow), ...importOptions },
    { ...closed, title: "ImportJobRequest" },
  ),
  Type.Array(ImportRow),
]);

export const RowError = Type.Object(
  { path: Type.String(), code: Type.String(), ...reasonAttributes },
  { title: "RowError" },
);
