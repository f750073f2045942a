import { ClienteleError } from "./error.ts";

/** `expires` is in seconds from now. Without a refresh token, the next token is issued like the first. */
export type TokenPair = { accessToken: string; refreshToken?: string; expires: number };

type Issuer = {
  byCredentials(): Promise<TokenPair>;
  byRefreshToken(refreshToken: string): Promise<TokenPair>;
};

export type AccessTokens = {
  /** A token that is valid for at least another minute, or half of its lifetime. */
  current(): Promise<string>;
  /** Drops a token that the service rejected. */
  discard(accessToken: string): void;
};

// Covers the duration of a request and small differences between clocks.
const marginMs = 60_000;

/** Keeps one token pair current; concurrent callers share one renewal. */
export function accessTokens(issuer: Issuer): AccessTokens {
  let pair: (TokenPair & { staleAtMs: number }) | null = null;
  let renewal: Promise<string> | null = null;

  async function renew(): Promise<string> {
    const requestedAtMs = Date.now();
    const next = await (pair?.refreshToken === undefined
      ? issuer.byCredentials()
      : refreshed(pair.refreshToken));
    const lifeMs = next.expires * 1_000;
    pair = { ...next, staleAtMs: requestedAtMs + lifeMs - Math.min(marginMs, lifeMs / 2) };
    return pair.accessToken;
  }

  const refreshed = (refreshToken: string): Promise<TokenPair> =>
    issuer.byRefreshToken(refreshToken).catch((error: unknown) => {
      if (error instanceof ClienteleError && error.status === 401) return issuer.byCredentials();
      throw error;
    });

  return {
    async current() {
      if (pair !== null && Date.now() < pair.staleAtMs) return pair.accessToken;
      renewal ??= renew().finally(() => {
        renewal = null;
      });
      return renewal;
    },
    discard(accessToken) {
      if (pair?.accessToken === accessToken) pair = null;
    },
  };
}
