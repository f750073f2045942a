import { type TSchema, Type } from "typebox";
import { problemReasons } from "./errors.ts";
import { type FieldErrorKey, fieldErrors } from "./field-errors.ts";
import { Id } from "./formats.ts";
import type { TemplateParameters } from "./templates.ts";

/** The page of a list. `limit` is 10,000 when absent, zero, negative or larger. */
export const Paging = {
  page: Type.Optional(Type.Integer({ minimum: 1, description: "1-based. Default 1." })),
  limit: Type.Optional(
    Type.Integer({
      description: "Rows per page. Default and maximum 10,000; zero and negative values mean the default.",
    }),
  ),
};

export const limitMax = 10_000;
export const limitOf = (limit: number | undefined): number =>
  limit === undefined || limit <= 0 || limit > limitMax ? limitMax : limit;

/** The requested page and its offset in rows, capped to an integer that JavaScript represents exactly. */
export function pageOf(query: { page?: number; limit?: number }) {
  const { page = 1 } = query;
  const limit = limitOf(query.limit);
  return { page, limit, offset: Math.min((page - 1) * limit, Number.MAX_SAFE_INTEGER) };
}

const Status = Type.Literal(1);

export const single = <T extends TSchema>(data: T) => Type.Object({ data, status: Status });

const Meta = Type.Object({
  page: Type.Integer(),
  limit: Type.Integer(),
  totalItems: Type.Union([Type.Integer(), Type.Null()]),
  totalPages: Type.Union([Type.Integer(), Type.Null()]),
  nextCursor: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: "Pass it as `cursor` to get the next page. Null on the last page.",
    }),
  ),
});

export const list = <T extends TSchema>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    total: Type.Union([Type.Integer(), Type.Null()], {
      description: "Number of all matches, not of the page. Null with `count=none`.",
    }),
    meta: Meta,
    status: Status,
  });

/** The answer to a delete. */
export const Deleted = Type.Object({ id: Id });

/** The parameters of a text with a key. */
export const TextParameters = Type.Unsafe<TemplateParameters>({
  type: "object",
  additionalProperties: {
    anyOf: [{ type: "string" }, { type: "number" }, { type: "array", items: { type: "string" } }],
  },
  description: "Parameters of the text, by name.",
  title: "TextParameters",
});

/** Why an input is rejected. A key never changes; the text may. */
export const reasonAttributes = {
  message: Type.String({ description: "English text of `key` with `params`." }),
  key: Type.Optional(
    Type.Unsafe<FieldErrorKey>({
      type: "string",
      enum: Object.keys(fieldErrors),
      description:
        "Stable key of the error. Absent from errors that an earlier version of the service stored.",
      title: "FieldErrorKey",
    }),
  ),
  params: Type.Optional(TextParameters),
};

const FieldError = Type.Object(
  {
    in: Type.String({ enum: ["query", "body", "params", "headers"] }),
    path: Type.String({ description: "Path within that part, in dots. Empty for the whole part." }),
    code: Type.String({ description: "Error code of this error." }),
    ...reasonAttributes,
  },
  { title: "FieldError" },
);

const ProblemReason = Type.Object(
  {
    key: Type.String({ enum: Object.keys(problemReasons), description: "Stable key of the reason." }),
    params: TextParameters,
  },
  { title: "ProblemReason" },
);

const extras = {
  errors: Type.Optional(Type.Array(FieldError, { description: "Each error of `details`." })),
  problem: Type.Optional(ProblemReason),
};

export const ErrorBody = Type.Object(
  {
    error: Type.String({ description: "English description of the error." }),
    name: Type.Optional(Type.String()),
    errorCode: Type.Optional(Type.String({ description: "Stable code of the error, from a closed list." })),
    details: Type.Optional(
      Type.Union([Type.Record(Type.String(), Type.Record(Type.String(), Type.String())), Type.Null()], {
        description:
          "Every validation error, grouped by `query`, `body`, `params` or `headers`, then by path.",
      }),
    ),
    extras: Type.Optional(
      Type.Union([Type.Object(extras, { additionalProperties: true }), Type.Null()], {
        description: "Further data. Null without any.",
      }),
    ),
  },
  { title: "Error" },
);

/** A value that is already JSON text: customers are serialized without building objects. */
export class WrittenJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * The answer for one object. `version` becomes the ETag, together with the revision of the definitions; `revision` is
 * the revision after a write of definitions. `location` is the address of the job that continues after the answer.
 */
export type Single<T> = { data: T | WrittenJson; version?: number; revision?: number; location?: string };

/** An answer that is not JSON. A file with a name is sent as a download. */
export type File = { type: string; name?: string; pieces: AsyncIterable<Uint8Array> };

/** A body that was stored while it arrived, under `id`. */
export class Received {
  readonly id: string;
  readonly sha256: string;
  /** Media type without its parameters. */
  readonly type: string;
  constructor(file: { id: string; sha256: string; type: string }) {
    this.id = file.id;
    this.sha256 = file.sha256;
    this.type = file.type;
  }
}

/** The part of a list's answer that is known only after its rows. */
export type ListEnd = { total: number | null; nextCursor?: string | null };

/**
 * The answer for a list: objects, or UTF-8 JSON items separated by commas, either complete or as a stream that
 * returns the `ListEnd`.
 */
export type List<T> = { page: number; limit: number } & (
  | (ListEnd & { data: readonly T[] | Uint8Array })
  | { data: AsyncGenerator<Uint8Array, ListEnd> }
);
