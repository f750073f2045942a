import type { OperationId, Routes } from "@clientele/contract";
import type { list, single } from "@clientele/contract/envelopes";
import type { Static } from "@clientele/contract/formats";
import type { RequestOf, Route } from "@clientele/contract/route";

/** What an operation is given: the names of its path and of its query side by side, and its body. */
export type Input<Id extends OperationId> = InputOf<Routes[Id]>;
type InputOf<R extends Route> = RequestOf<R>["params"] &
  RequestOf<R>["query"] &
  (R["body"] extends object ? { body: RequestOf<R>["body"] } : unknown);

type AnswerSchema<Id extends OperationId> = Routes[Id]["answer"];

/** What an operation answers, as on the wire, and the answer's headers (`etag`, `idempotency-replayed`, …). */
export type Answer<Id extends OperationId> = (Routes[Id]["shape"] extends "list"
  ? Static<ReturnType<typeof list<AnswerSchema<Id>>>>
  : Routes[Id]["shape"] extends "single"
    ? Static<ReturnType<typeof single<AnswerSchema<Id>>>>
    : Static<AnswerSchema<Id>>) & { headers: Headers };

export type CallOptions = {
  /** Ends the call and its retries. */
  signal?: AbortSignal;
  /** For one try. */
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
