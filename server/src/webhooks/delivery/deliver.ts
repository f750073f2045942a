import type { DueDelivery, Endpoint, Tried } from "./endpoint-store.ts";
import { failingMaxMs, nextTryAt, restOf } from "./schedule.ts";
import type { Outcome, Send } from "./send.ts";
import { signedHeaders } from "./signature.ts";

/** Requests to one endpoint. */
const atOnce = 4;
/** Attempts that are not written down yet: a kill lets them be made once more. */
const unwrittenMax = 16;

export type Delivering = {
  endpoint: Endpoint;
  /** The newest first. */
  secrets: readonly string[];
  send: Send;
  clock(): Date;
  random(): number;
  /** Writes attempts down, and what they have made of the endpoint. */
  record(attempts: readonly Tried[]): Promise<void>;
  /** Whether another one may still be begun. */
  mayBegin(): boolean;
  /** Aborted, what is under way is given up, and tried again by whoever comes next. */
  signal: AbortSignal;
};

/**
 * Tries deliveries in their order, a few at once, but never two of the same record: their order is what the receiver
 * is to see.
 */
export async function deliver(delivering: Delivering, due: readonly DueDelivery[]): Promise<void> {
  const { endpoint } = delivering;
  const record = together(delivering.record);
  const waiting = [...due];
  const sending = new Set<Promise<unknown>>();
  const unwritten = new Map<string, Promise<void>>();
  const mayBegin = () =>
    sending.size < atOnce &&
    unwritten.size < unwrittenMax &&
    endpoint.stopped === null &&
    endpoint.restingUntil === null &&
    delivering.mayBegin();
  try {
    for (;;) {
      const at = mayBegin() ? waiting.findIndex(({ subjectId }) => !unwritten.has(subjectId)) : -1;
      if (at === -1) {
        if (unwritten.size === 0) return;
        await Promise.race([...sending, ...unwritten.values()]);
        continue;
      }
      const [delivery] = waiting.splice(at, 1) as [DueDelivery];
      const { subjectId } = delivery;
      const sent = attempt(delivering, delivery).finally(() => sending.delete(sent));
      sending.add(sent);
      const written = sent.then(record).finally(() => unwritten.delete(subjectId));
      unwritten.set(subjectId, written);
    }
  } finally {
    await Promise.allSettled(unwritten.values());
  }
}

async function attempt(delivering: Delivering, delivery: DueDelivery): Promise<Tried> {
  const { endpoint, secrets, send, clock, signal } = delivering;
  const { id, messageId, body, attempts } = delivery;
  const at = clock();
  const beganMs = performance.now();
  const headers = signedHeaders(secrets, { id: messageId, body }, at);
  const outcome = await send({ url: endpoint.url, headers, body }, signal);
  const durationMs = Math.round(performance.now() - beganMs);
  const { status, answer, error } = outcome;
  return { id, attempts, at, durationMs, status, answer, error, ...judged(delivering, delivery, outcome) };
}

/** What the outcome means for the delivery, and for the endpoint, which is changed. */
function judged(
  { endpoint, clock, random }: Delivering,
  { tries }: DueDelivery,
  { status, retryAfter }: Outcome,
): Pick<Tried, "tries" | "dueAt" | "isDelivered"> {
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

/** What ends while others are being written down is written down together, after them. */
function together<T>(write: (items: readonly T[]) => Promise<void>): (item: T) => Promise<void> {
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
