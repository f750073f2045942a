import { Problem } from "@clientele/contract/errors";
import { LRUCache } from "lru-cache";

export type RateLimits = {
  /** Per app. */
  requestsPerMinute: number;
  /** Per address and app id. */
  failedTokensPerMinute: number;
};

/** A thousand per second for a minute: more than an integration needs, less than a runaway one sends. */
export const usualRateLimits: RateLimits = { requestsPerMinute: 60_000, failedTokensPerMinute: 10 };

export type RateLimit = {
  /** Counts a request. Returns the response headers; throws when the limit is exceeded. */
  take(key: string): Record<string, string>;
  /** Takes back the last count. */
  refund(key: string): void;
};

const windowMs = 60_000;
const keysMax = 50_000;
const keyLengthMax = 100;

/**
 * Counts by key in windows of a minute, in the memory of this process. The header fields follow
 * draft-ietf-httpapi-ratelimit-headers-10.
 */
export function openRateLimit(name: string, perMinute: number, clock: () => Date): RateLimit {
  const windows = new LRUCache<string, { count: number; endsAtMs: number }>({ max: keysMax });
  const policy = `"${name}";q=${perMinute};w=${windowMs / 1000}`;

  function windowOf(key: string, nowMs: number) {
    const short = key.slice(0, keyLengthMax);
    const known = windows.get(short);
    if (known && nowMs < known.endsAtMs) return known;
    const opened = { count: 0, endsAtMs: nowMs + windowMs };
    windows.set(short, opened);
    return opened;
  }

  return {
    take(key) {
      const nowMs = clock().getTime();
      const window = windowOf(key, nowMs);
      const isOver = window.count >= perMinute;
      if (!isOver) window.count++;
      const seconds = Math.ceil((window.endsAtMs - nowMs) / 1000);
      const headers = {
        "ratelimit-policy": policy,
        ratelimit: `"${name}";r=${perMinute - window.count};t=${seconds}`,
      };
      if (isOver)
        throw new Problem("RATE_LIMITED", { headers: { ...headers, "retry-after": String(seconds) } });
      return headers;
    },
    refund(key) {
      const window = windowOf(key, clock().getTime());
      if (window.count > 0) window.count--;
    },
  };
}
