import { ClienteleError } from "./error.ts";

/** `expires` is in seconds from now. Without a refresh token the next token is got like the first. */
export type Pair = { accessToken: string; refreshToken?: string; expires: number };

type Issuer = {
  byCredentials(): Promise<Pair>;
  byRefreshToken(refreshToken: string): Promise<Pair>;
};

export type AccessTokens = {
  /** A token that is good for a while yet. */
  current(): Promise<string>;
  /** Forgets a token that the service has refused. */
  refused(accessToken: string): void;
};

// Long enough for a request on its way, and for clocks that differ a little.
const marginMs = 60_000;

/** Keeps one pair of tokens fresh; callers that need a new one at the same time share one request. */
export function accessTokens(issuer: Issuer): AccessTokens {
  let pair: (Pair & { staleAtMs: number }) | null = null;
  let renewal: Promise<string> | null = null;

  async function renew(): Promise<string> {
    const askedAtMs = Date.now();
    const next = await (pair?.refreshToken === undefined
      ? issuer.byCredentials()
      : refreshed(pair.refreshToken));
    const lifeMs = next.expires * 1_000;
    pair = { ...next, staleAtMs: askedAtMs + lifeMs - Math.min(marginMs, lifeMs / 2) };
    return pair.accessToken;
  }

  const refreshed = (refreshToken: string): Promise<Pair> =>
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
    refused(accessToken) {
      if (pair?.accessToken === accessToken) pair = null;
    },
  };
}
