import { ClienteleError } from "./error.ts";

export type RetryPolicy = {
  /** Number of tries, including the first. */
  triesMax: number;
  /** Delay in ms before the second try; doubles with each further try. */
  delayMs: number;
  delayMaxMs: number;
  /** If the service asks for a longer delay than this, the call fails at once. */
  retryAfterMaxMs: number;
};

export const defaultRetryPolicy: RetryPolicy = {
  triesMax: 5,
  delayMs: 250,
  delayMaxMs: 8_000,
  retryAfterMaxMs: 60_000,
};

const transientStatuses: ReadonlySet<number | null> = new Set([429, 502, 503, 504]);
// IDEMPOTENCY_KEY_IN_USE: the client's previous try is still running, so its answer is worth waiting for.
const transientCodes: ReadonlySet<string> = new Set([
  "CONNECTION_FAILED",
  "TIMED_OUT",
  "IDEMPOTENCY_KEY_IN_USE",
]);

/** Delay in ms before the next try; null if the error is permanent or no tries are left. */
export function retryDelayMs(error: unknown, tries: number, policy: RetryPolicy): number | null {
  if (!(error instanceof ClienteleError) || tries >= policy.triesMax) return null;
  if (!transientStatuses.has(error.status) && !transientCodes.has(error.code)) return null;
  const retryAfterMs = error.retryAfterMs ?? 0;
  if (retryAfterMs > policy.retryAfterMaxMs) return null;
  return retryAfterMs + backoffMs(tries, policy);
}

/** Exponential backoff with jitter, so that clients that failed together do not retry together. */
export function backoffMs(tries: number, { delayMs, delayMaxMs }: RetryPolicy): number {
  const limitMs = Math.min(delayMaxMs, delayMs * 2 ** (tries - 1));
  return (limitMs * (1 + Math.random())) / 2;
}

/** Runs `attempt` until it succeeds, fails permanently, or the policy's tries are used up. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  canRepeat: () => boolean,
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const delayMs = retryDelayMs(error, tries, policy);
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
