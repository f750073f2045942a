import { Type } from "typebox";
import { customerWriteAttributes } from "./customers.ts";
import { reasonAttributes } from "./envelopes.ts";
import { closed, Flag, Nullable, OneOf } from "./formats.ts";

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

export const importOptions = {
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

/** What a document of JSON says beside its rows. */
export const importOptionsOfBody = Type.Object(importOptions, closed);

/** Rows of an import that is a job, however many; each is read by itself. */
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
