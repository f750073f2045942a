import { type TSchema, Type } from "typebox";
import type { FieldErrorKey, FieldErrorParameters } from "./field-errors.ts";
import { Id } from "./formats.ts";

/** The page a list request asks for. `limit` is 10,000 when absent, zero, negative or larger. */
export const Paging = {
  page: Type.Optional(Type.Integer({ minimum: 1, description: "1-based. Default 1." })),
  limit: Type.Optional(
    Type.Integer({ description: "Rows a page. Default and most: 10,000; zero and less mean the default." }),
  ),
};

export const limitMax = 10_000;
export const limitOf = (limit: number | undefined): number =>
  limit === undefined || limit <= 0 || limit > limitMax ? limitMax : limit;

/** The page asked for, and how many rows lie before it: a number that the database can count to. */
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
      description: "Pass it back as `cursor` for the next page. Null on the last one.",
    }),
  ),
});

export const list = <T extends TSchema>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    total: Type.Union([Type.Integer(), Type.Null()], {
      description: "All matches, not the page. Null with `count=none`.",
    }),
    meta: Meta,
    status: Status,
  });

/** What a delete answers with. */
export const Deleted = Type.Object({ id: Id });

/** Why an input is refused. A key never changes; the text may. */
export const reasonAttributes = {
  message: Type.String({ description: "The English text of `key` and `params`." }),
  key: Type.Optional(
    Type.Unsafe<FieldErrorKey>({
      type: "string",
      description: "Stable. Absent where a service before this version has stored the error.",
    }),
  ),
  params: Type.Optional(
    Type.Unsafe<FieldErrorParameters>({
      type: "object",
      additionalProperties: {
        anyOf: [{ type: "string" }, { type: "number" }, { type: "array", items: { type: "string" } }],
      },
      description: "What the text of `key` is about, by name.",
    }),
  ),
};

export const ErrorBody = Type.Object(
  {
    error: Type.String({ description: "What happened, for a person." }),
    name: Type.Optional(Type.String()),
    errorCode: Type.Optional(Type.String({ description: "Stable. The list is closed." })),
    details: Type.Optional(
      Type.Union([Type.Record(Type.String(), Type.Record(Type.String(), Type.String())), Type.Null()], {
        description: "Every error by `query`, `body`, `params`, `headers`, then by its place.",
      }),
    ),
    extras: Type.Optional(
      Type.Unknown({
        description:
          "Null, or an object with more facts. `errors` has each error of `details`: `in`, `path`, `code`, and `key` with `params`, of which `message` is the English text.",
      }),
    ),
  },
  { title: "Error" },
);

/** A value that is already written as JSON text: lists of customers are never built as objects. */
export class WrittenJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * What an operation answers with for one object. `version` becomes the ETag, with the revision of the definitions:
 * `revision` says to which one a write has moved them. `location` is where work is looked at that goes on.
 */
export type Single<T> = { data: T | WrittenJson; version?: number; revision?: number; location?: string };

/** What an operation answers with that is no JSON. A file with a name is for keeping. */
export type File = { type: string; name?: string; pieces: AsyncIterable<Uint8Array> };

/** A body that has been kept while it arrived: `id` finds it. */
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

/** What is known of a list when its rows are. */
export type ListEnd = { total: number | null; nextCursor?: string | null };

/**
 * What an operation answers with for a list: objects, or items that are already JSON with commas between them, as
 * UTF-8: all of them, or a stream that ends in what follows them.
 */
export type List<T> = { page: number; limit: number } & (
  | (ListEnd & { data: readonly T[] | Uint8Array })
  | { data: AsyncGenerator<Uint8Array, ListEnd> }
);
