import type { OperationId, Routes } from "@clientele/contract";
import type { list, Received as ReceivedFile, single } from "@clientele/contract/envelopes";
import type { Static } from "@clientele/contract/formats";
import type { RequestOf, Route } from "@clientele/contract/route";
import type { FileAnswer } from "./file-answer.ts";
import type { FileBody } from "./file-body.ts";

/** What an operation is given: the names of its path and of its query side by side, and its body. */
export type Input<Id extends OperationId> = InputOf<Routes[Id]>;
type InputOf<R extends Route> = RequestOf<R>["params"] &
  RequestOf<R>["query"] &
  (R["body"] extends object ? { body: BodyOf<R> } : unknown);
type BodyOf<R extends Route> = R["bodyFiles"] extends readonly string[]
  ? Exclude<RequestOf<R>["body"], ReceivedFile> | FileBody
  : RequestOf<R>["body"];

type AnswerSchema<Id extends OperationId> = Routes[Id]["answer"];

/**
 * What an operation answers, as on the wire, and the answer's headers (`etag`, `idempotency-replayed`, …). Where the
 * work goes on after the answer, `location` is where it is looked at; null when it was done at once.
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
  /** Ends the call and its retries. */
  signal?: AbortSignal;
  /** For one try; of a file that goes out or comes in as a stream: while nothing of it moves. */
  timeoutMs?: number;
  /** A key of the caller's own, so that the write can be repeated by another process. */
  idempotencyKey?: string;
  /** The `etag` that was read: the write is refused when the record has changed since. */
  ifMatch?: string;
  /** The branch this call acts for. */
  companyId?: string;
};

/** One operation of the contract as a method. */
export type Method<Id extends OperationId> =
  Record<never, never> extends Input<Id>
    ? (input?: Input<Id>, options?: CallOptions) => Promise<Answer<Id>>
    : (input: Input<Id>, options?: CallOptions) => Promise<Answer<Id>>;

/** The operations that answer a list. */
export type ListId = { [Id in OperationId]: Routes[Id]["shape"] extends "list" ? Id : never }[OperationId];
export type Item<Id extends ListId> = Static<AnswerSchema<Id>>;
