import type { Static, TObject, TSchema } from "typebox";
import type { File, List, Received, Single } from "./envelopes.ts";
import type { ErrorCode } from "./errors.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";
/** ADMIN is for administration: companies, apps, people and sign-in. The other scopes are for customer data. */
export const scopes = ["READ", "WRITE", "DELETE", "ADMIN"] as const;
export type Scope = (typeof scopes)[number];

/** One operation of the API as data: request, answer and errors. */
export type Route = {
  operationId: string;
  method: Method;
  /** In the notation of OpenAPI: `/v1/enterprise-customers/{customerId}`. */
  path: string;
  /** Alternative paths. */
  aliases?: readonly string[];
  group: string;
  summary: string;
  description?: string;
  /** The required scope. Null: no token is required. */
  scope: Scope | null;
  /** Writes nothing although the method is POST: the query does not fit in a URL. */
  onlyReads?: true;
  /** Writes custom fields, categories or tags: such a write and the writes of customers exclude each other. */
  changes?: "definitions";
  /** The required scope of a person, where an app needs less. */
  personScope?: Scope;
  /** Not one of TIMIFY's 17 operations. */
  extension?: true;
  params?: TObject;
  query?: TObject;
  body?: TSchema;
  /** Validated before the operation runs; the operation validates the rest to report more errors at once. */
  bodyEnvelope?: TSchema;
  /** Maximum size of the body in bytes, uncompressed. Default 1 MiB. */
  bodyBytesMax?: number;
  /** Media types of the body besides JSON. Files of any size are stored while they arrive. */
  bodyFiles?: readonly string[];
  /** A JSON body larger than this many bytes is stored like a file. */
  bodyJsonBytesMax?: number;
  status: 200 | 201 | 202;
  /** The answer with status 202 and `Location` when a job continues after the answer. */
  accepted?: TSchema;
  /** `bare` has no envelope; a `file` is not JSON. */
  shape: "single" | "list" | "bare" | "file";
  /** The answer contains a secret that is shown once; the answer stored for its idempotency key is encrypted. */
  showsSecret?: true;
  /** Media types of a file in the answer. */
  fileTypes?: readonly string[];
  /** The schema of the data; for a list, of one item. */
  answer: TSchema;
  errors: readonly ErrorCode[];
};

type StaticOr<S> = S extends TSchema ? Static<S> : Record<never, never>;

/** The request of an operation. */
export type RequestOf<R extends Route> = {
  params: StaticOr<R["params"]>;
  query: StaticOr<R["query"]>;
  body: R["bodyFiles"] extends readonly string[] ? StaticOr<R["body"]> | Received : StaticOr<R["body"]>;
};

/** The return value of an operation. */
export type AnswerOf<R extends Route> = R["shape"] extends "file"
  ? File
  : R["shape"] extends "list"
    ? List<Static<R["answer"]>>
    : R["shape"] extends "single"
      ? Single<Static<R["answer"]> | (R["accepted"] extends TSchema ? Static<R["accepted"]> : never)>
      : Static<R["answer"]>;

/** A write runs in one transaction, and once per idempotency key. */
export const isWrite = ({ method, scope, onlyReads }: Route): boolean =>
  method !== "GET" && scope !== null && !onlyReads;

export const route = <const R extends Route>(definition: R): R => definition;
