import type { Static, TObject, TSchema } from "typebox";
import type { File, List, Received, Single } from "./envelopes.ts";
import type { ErrorCode } from "./errors.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";
/** ADMIN administers an enterprise: companies, apps, people and how they sign in. The others are for its customers. */
export const scopes = ["READ", "WRITE", "DELETE", "ADMIN"] as const;
export type Scope = (typeof scopes)[number];

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
  /** The scope that it needs; null needs no token at all. */
  scope: Scope | null;
  /** Changes nothing, though its method is not GET: what it asks does not fit in an address. */
  onlyReads?: true;
  /** Writes custom fields, categories or tags: the write waits for all writes of customers, and they for it. */
  changes?: "definitions";
  /** What a person needs where it is more than an app needs. */
  personScope?: Scope;
  /** Not one of TIMIFY's 17 operations. */
  extension?: true;
  params?: TObject;
  query?: TObject;
  body?: TSchema;
  /** What is checked before the operation runs, when the operation checks the rest: it tells of more errors at once. */
  bodyEnvelope?: TSchema;
  /** Largest body in bytes, when not the usual 1 MiB. Of a file: unpacked. */
  bodyBytesMax?: number;
  /** Media types of files that the body may be besides JSON. Files are kept while they arrive, whatever their size. */
  bodyFiles?: readonly string[];
  /** A body of JSON that is larger than this many bytes is kept like a file. */
  bodyJsonBytesMax?: number;
  status: 200 | 201 | 202;
  /** What is answered, with status 202 and `Location`, when the work goes on after the answer. */
  accepted?: TSchema;
  /** `bare` is answered without an envelope, a `file` is no JSON. */
  shape: "single" | "list" | "bare" | "file";
  /** It shows a secret, this once: what is kept of the answer is sealed. */
  showsSecret?: true;
  /** Media types that a file may have. */
  fileTypes?: readonly string[];
  /** The schema of the data: of one item for a list. */
  answer: TSchema;
  errors: readonly ErrorCode[];
};

type StaticOr<S> = S extends TSchema ? Static<S> : Record<never, never>;

/** What an operation of the route is given. */
export type RequestOf<R extends Route> = {
  params: StaticOr<R["params"]>;
  query: StaticOr<R["query"]>;
  body: R["bodyFiles"] extends readonly string[] ? StaticOr<R["body"]> | Received : StaticOr<R["body"]>;
};

/** What an operation of the route returns. */
export type AnswerOf<R extends Route> = R["shape"] extends "file"
  ? File
  : R["shape"] extends "list"
    ? List<Static<R["answer"]>>
    : R["shape"] extends "single"
      ? Single<Static<R["answer"]> | (R["accepted"] extends TSchema ? Static<R["accepted"]> : never)>
      : Static<R["answer"]>;

/** Whether it may change something: it then runs in one transaction, and once for each idempotency key. */
export const isWrite = ({ method, scope, onlyReads }: Route): boolean =>
  method !== "GET" && scope !== null && !onlyReads;

export const route = <const R extends Route>(it: R): R => it;
