import type { DueDelivery, Endpoint, RecordedAttempt } from "./endpoint-store.ts";
import { failingMaxMs, nextTryAt, restOf } from "./schedule.ts";
import type { Outcome, Send } from "./send.ts";
import { signedHeaders } from "./signature.ts";

/** Concurrent requests to one endpoint. */
const concurrency = 4;
/** Attempts that are not recorded yet: these are repeated after a kill. */
const unrecordedMax = 16;

export type DeliveryRun = {
  endpoint: Endpoint;
  /** Newest first. */
  secrets: readonly string[];
  send: Send;
  clock(): Date;
  random(): number;
  /** Stores attempts, and the state of the endpoint after them. */
  record(attempts: readonly RecordedAttempt[]): Promise<void>;
  /** Whether this run has time for another attempt. */
  mayBegin(): boolean;
  /** Aborts the requests under way; the next run repeats them. */
  signal: AbortSignal;
};

/** Attempts deliveries in order, a few at once, but one record's only one after the other: receivers see its order. */
export async function deliver(run: DeliveryRun, due: readonly DueDelivery[]): Promise<void> {
  const { endpoint } = run;
  const record = batched(run.record);
  const waiting = [...due];
  const sending = new Set<Promise<unknown>>();
  const unrecorded = new Map<string, Promise<void>>();
  const mayBegin = () =>
    sending.size < concurrency &&
    unrecorded.size < unrecordedMax &&
    endpoint.stopped === null &&
    endpoint.restingUntil === null &&
    run.mayBegin();
  try {
    for (;;) {
      const at = mayBegin() ? waiting.findIndex(({ subjectId }) => !unrecorded.has(subjectId)) : -1;
      if (at === -1) {
        if (unrecorded.size === 0) return;
        await Promise.race([...sending, ...unrecorded.values()]);
        continue;
      }
      const [delivery] = waiting.splice(at, 1) as [DueDelivery];
      const { subjectId } = delivery;
      const sent = attempt(run, delivery).finally(() => sending.delete(sent));
      sending.add(sent);
      const recorded = sent.then(record).finally(() => unrecorded.delete(subjectId));
      unrecorded.set(subjectId, recorded);
    }
  } finally {
    await Promise.allSettled(unrecorded.values());
  }
}

async function attempt(run: DeliveryRun, delivery: DueDelivery): Promise<RecordedAttempt> {
  const { endpoint, secrets, send, clock, signal } = run;
  const { id, messageId, body, attempts } = delivery;
  const at = clock();
  const startMs = performance.now();
  const headers = signedHeaders(secrets, { id: messageId, body }, at);
  const outcome = await send({ url: endpoint.url, headers, body }, signal);
  const durationMs = Math.round(performance.now() - startMs);
  const { status, answer, error } = outcome;
  return { id, attempts, at, durationMs, status, answer, error, ...applyOutcome(run, delivery, outcome) };
}

/** Returns the delivery's next state, and updates the endpoint's. */
function applyOutcome(
  { endpoint, clock, random }: DeliveryRun,
  { tries }: DueDelivery,
  { status, retryAfter }: Outcome,
): Pick<RecordedAttempt, "tries" | "dueAt" | "isDelivered"> {
  const now = clock();
  if (status !== null && status >= 200 && status < 300) {
    endpoint.failingSince = null;
    return { tries: tries + 1, dueAt: null, isDelivered: true };
  }
  endpoint.failingSince ??= now;
  if (status === 410) endpoint.stopped ??= "gone";
  else if (now.getTime() - endpoint.failingSince.getTime() >= failingMaxMs) endpoint.stopped ??= "failing";
  const rest = restOf(status, retryAfter, now);
  if (rest !== null) endpoint.restingUntil = rest;
  const dueAt = nextTryAt(tries + 1, now, random);
  return { tries: tries + 1, dueAt: dueAt && rest && rest > dueAt ? rest : dueAt, isDelivered: false };
}

/** Collects items that arrive during a write into the next write. */
function batched<T>(write: (items: readonly T[]) => Promise<void>): (item: T) => Promise<void> {
  let waiting: T[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  return (item) => {
    waiting.push(item);
    next ??= last = last.then(() => {
      const items = waiting;
      waiting = [];
      next = undefined;
      return write(items);
    });
    return next;
  };
}
