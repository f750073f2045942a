import { ClienteleError } from "./error.ts";

export type RetryPolicy = {
  /** The first try counted. */
  triesMax: number;
  /** Before the second try; doubled for each further one. */
  delayMs: number;
  delayMaxMs: number;
  /** A service that asks for a longer wait gets none: the caller is told at once. */
  retryAfterMaxMs: number;
};

export const usualRetries: RetryPolicy = {
  triesMax: 5,
  delayMs: 250,
  delayMaxMs: 8_000,
  retryAfterMaxMs: 60_000,
};

const passing: ReadonlySet<number | null> = new Set([429, 502, 503, 504]);
// A key in use is our own request of a moment ago, still running: its answer is worth waiting for.
const passingCodes: ReadonlySet<string> = new Set([
  "CONNECTION_FAILED",
  "TIMED_OUT",
  "IDEMPOTENCY_KEY_IN_USE",
]);

/** How long to wait before trying again, in ms; null when that would not help. */
export function delayMsAfter(error: unknown, tries: number, policy: RetryPolicy): number | null {
  if (!(error instanceof ClienteleError) || tries >= policy.triesMax) return null;
  if (!passing.has(error.status) && !passingCodes.has(error.code)) return null;
  const asked = error.retryAfterMs ?? 0;
  if (asked > policy.retryAfterMaxMs) return null;
  return asked + backoffMs(tries, policy);
}

/** Longer after each try. Many clients that failed together must not come back together. */
export function backoffMs(tries: number, { delayMs, delayMaxMs }: RetryPolicy): number {
  const longest = Math.min(delayMaxMs, delayMs * 2 ** (tries - 1));
  return (longest * (1 + Math.random())) / 2;
}

/**
 * Runs `once` until it succeeds, fails for good, or has been tried often enough. It must be safe to repeat as long as
 * `canRepeat` says so.
 */
export async function retrying<T>(
  once: () => Promise<T>,
  policy: RetryPolicy,
  canRepeat: () => boolean,
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await once();
    } catch (error) {
      const delayMs = delayMsAfter(error, tries, policy);
      if (delayMs === null || !canRepeat()) throw error;
      await pause(delayMs, signal);
    }
  }
}

export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, delayMs);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
