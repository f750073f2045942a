import type { Static, TObject, TSchema } from "typebox";
import type { List, Single } from "./envelopes.ts";
import type { ErrorCode } from "./errors.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";
export type Scope = "READ" | "WRITE" | "DELETE";

/** One operation of the wire as data: what may be asked, what is answered, what can go wrong. */
export type Route = {
  operationId: string;
  method: Method;
  /** As OpenAPI writes it: `/v1/enterprise-customers/{customerId}`. */
  path: string;
  /** Further addresses that mean the same. */
  aliases?: readonly string[];
  group: string;
  summary: string;
  description?: string;
  /** The scope of CUSTOMERS it needs; null needs no token at all. */
  scope: Scope | null;
  /** Not one of TIMIFY's 17 operations. */
  extension?: true;
  params?: TObject;
  query?: TObject;
  body?: TSchema;
  /** What is checked before the operation runs, when the operation checks the rest: it tells of more faults at once. */
  bodyEnvelope?: TSchema;
  /** Largest body in bytes, when not the usual 1 MiB. */
  bodyBytesMax?: number;
  status: 200 | 201;
  /** `bare` is answered without an envelope. */
  shape: "single" | "list" | "bare";
  /** The schema of the data: of one item for a list. */
  answer: TSchema;
  errors: readonly ErrorCode[];
};

type StaticOr<S> = S extends TSchema ? Static<S> : Record<never, never>;

/** What an operation of the route is given. */
export type RequestOf<R extends Route> = {
  params: StaticOr<R["params"]>;
  query: StaticOr<R["query"]>;
  body: StaticOr<R["body"]>;
};

/** What an operation of the route returns. */
export type AnswerOf<R extends Route> = R["shape"] extends "list"
  ? List<Static<R["answer"]>>
  : R["shape"] extends "single"
    ? Single<Static<R["answer"]>>
    : Static<R["answer"]>;

export const route = <const R extends Route>(it: R): R => it;
