const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Delay after each attempt: 75 hours and 42 minutes in all. */
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

/** A receiver that fails this long is stopped until someone resumes it. */
export const failingMaxMs = 5 * 24 * hour;

/** Share of the delay that is added at random, so that deliveries that failed together spread out. */
const jitter = 0.1;
/** Upper bound of a `Retry-After`. */
const restMaxMs = 24 * hour;

/** The time of the next attempt, null after the last one. `random` returns 0 to 1. */
export function nextTryAt(tries: number, now: Date, random: () => number): Date | null {
  const delayMs = delaysMs[tries - 1];
  return delayMs === undefined ? null : new Date(now.getTime() + delayMs * (1 + jitter * random()));
}

/** The time that `Retry-After` of a 429 or 503 asks for, as seconds or a date; null without one. */
export function restOf(status: number | null, retryAfter: string | undefined, now: Date): Date | null {
  if ((status !== 429 && status !== 503) || retryAfter === undefined) return null;
  const text = retryAfter.trim();
  const restMs = /^\d{1,10}$/.test(text) ? Number(text) * second : dateOf(text) - now.getTime();
  return restMs > 0 ? new Date(now.getTime() + Math.min(restMs, restMaxMs)) : null;
}

const dateOf = (text: string): number => (/^[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN);
