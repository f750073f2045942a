const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long after each try the next one comes: 75 hours and 42 minutes in all. */
export const delaysMs: readonly number[] = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  1 * hour,
  2 * hour,
  4 * hour,
  8 * hour,
  12 * hour,
  24 * hour,
  24 * hour,
];

/** A receiver that fails for so long is sent nothing more until somebody asks for it. */
export const failingMaxMs = 5 * 24 * hour;

/** Up to so much later, so that what has failed together does not come back together. */
const jitter = 0.1;
/** A receiver that asks for patience gets it, within reason. */
const restMaxMs = 24 * hour;

/** When the next try comes after so many, null after the last one. `random` is from 0 to 1. */
export function nextTryAt(tries: number, now: Date, random: () => number): Date | null {
  const delayMs = delaysMs[tries - 1];
  return delayMs === undefined ? null : new Date(now.getTime() + delayMs * (1 + jitter * random()));
}

/** Until when an answer asks for patience by `Retry-After`, seconds or a date; null when it does not. */
export function restOf(status: number | null, retryAfter: string | undefined, now: Date): Date | null {
  if ((status !== 429 && status !== 503) || retryAfter === undefined) return null;
  const text = retryAfter.trim();
  const restMs = /^\d{1,10}$/.test(text) ? Number(text) * second : dateOf(text) - now.getTime();
  return restMs > 0 ? new Date(now.getTime() + Math.min(restMs, restMaxMs)) : null;
}

const dateOf = (text: string): number => (/^[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN);

const pollMinMs = 2 * second;
const pollMaxMs = 60 * second;

/**
 * When the journal is looked at again by itself. Who writes wakes whoever waits, so this is for what was written
 * by a service that ended just then, and the quieter an endpoint is the longer it may take.
 */
export function nextPollAt(now: Date, lastDueAt: Date): Date {
  const quietMs = now.getTime() - lastDueAt.getTime();
  return new Date(now.getTime() + Math.min(Math.max(quietMs / 20, pollMinMs), pollMaxMs));
}
