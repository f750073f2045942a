import type { OperationId, Routes } from "@clientele/contract";
import type { list, Received as ReceivedFile, single } from "@clientele/contract/envelopes";
import type { Static } from "@clientele/contract/formats";
import type { RequestOf, Route } from "@clientele/contract/route";
import type { FileBody } from "./file-body.ts";
import type { FileAnswer } from "./file-response.ts";

/** Input of an operation: path and query parameters side by side, and `body`. */
export type Input<Id extends OperationId> = InputOf<Routes[Id]>;
type InputOf<R extends Route> = RequestOf<R>["params"] &
  RequestOf<R>["query"] &
  (R["body"] extends object ? { body: BodyOf<R> } : unknown);
type BodyOf<R extends Route> = R["bodyFiles"] extends readonly string[]
  ? Exclude<RequestOf<R>["body"], ReceivedFile> | FileBody
  : RequestOf<R>["body"];

type AnswerSchema<Id extends OperationId> = Routes[Id]["answer"];

/**
 * Answer of an operation as on the wire, with its headers (`etag`, `idempotency-replayed`, …). An operation that may
 * start a job has `location`: the path of the job, or null if the work is already done.
 */
export type Answer<Id extends OperationId> = AnswerOf<Routes[Id]> & { headers: Headers };
type AnswerOf<R extends Route> = R["shape"] extends "file"
  ? FileAnswer
  : R["shape"] extends "list"
    ? Static<ReturnType<typeof list<R["answer"]>>>
    : R["shape"] extends "single"
      ? SingleOf<R>
      : Static<R["answer"]>;
type SingleOf<R extends Route> = R["accepted"] extends object
  ?
      | (Static<ReturnType<typeof single<R["answer"]>>> & { location: null })
      | (Static<ReturnType<typeof single<R["accepted"]>>> & { location: string })
  : Static<ReturnType<typeof single<R["answer"]>>> &
      (R["status"] extends 202 ? { location: string } : unknown);

export type CallOptions = {
  /** Aborts the call and its retries. */
  signal?: AbortSignal;
  /** Timeout of one try in ms; for a streamed file, the longest time without a byte sent or received. */
  timeoutMs?: number;
  /** Idempotency key chosen by the caller, so that another process can repeat the write. */
  idempotencyKey?: string;
  /** `etag` of the record that was read; the write fails with 412 if the record has changed since. */
  ifMatch?: string;
  /** Id of the branch (company) this call acts for. */
  companyId?: string;
};

/** One operation of the contract as a method. */
export type Method<Id extends OperationId> =
  Record<never, never> extends Input<Id>
    ? (input?: Input<Id>, options?: CallOptions) => Promise<Answer<Id>>
    : (input: Input<Id>, options?: CallOptions) => Promise<Answer<Id>>;

/** Operations that return a list. */
export type ListId = { [Id in OperationId]: Routes[Id]["shape"] extends "list" ? Id : never }[OperationId];
export type Item<Id extends ListId> = Static<AnswerSchema<Id>>;
