import { randomBytes } from "node:crypto";
import { Problem } from "@clientele/contract/errors";
import { errors as joseErrors, jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import type { Grant, Tokens } from "../call.ts";
import type { SigningKey } from "./signing-keys.ts";

const issuer = "clientele";
const algorithm = "HS256";
const accessSeconds = 7_200;
const refreshSeconds = 30 * 24 * 3_600;
const leewaySeconds = 60;

/** The two kinds differ in audience and type, so that one can never pass for the other. */
const kinds = {
  access: { audience: "clientele/v1", type: "at+jwt", seconds: accessSeconds },
  refresh: { audience: "clientele/refresh", type: "rt+jwt", seconds: refreshSeconds },
} as const;

/** A token's `kid` only selects among the installation's keys. */
export function openTokens(keys: readonly SigningKey[], clock: () => Date): Tokens {
  const newest = keys[0]!;
  const byId = new Map(keys.map((key) => [key.id, key.secret]));
  // Checking a signature costs more than all the rest of a small request; a token is checked once.
  const verified = new LRUCache<string, { claims: Grant; expiresAtMs: number }>({ max: 10_000 });

  const sign = (
    { enterpriseId, appId, secretVersion, scopes }: Grant,
    kind: keyof typeof kinds,
    now: Date,
  ) => {
    const { audience, type, seconds } = kinds[kind];
    const issuedAt = Math.floor(now.getTime() / 1000);
    return new SignJWT({ ent: enterpriseId, ver: secretVersion, scp: scopes })
      .setProtectedHeader({ alg: algorithm, kid: newest.id, typ: type })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(appId)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .setJti(randomBytes(12).toString("hex"))
      .sign(newest.secret);
  };

  async function verify(token: string, kind: keyof typeof kinds) {
    const { audience, type } = kinds[kind];
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid }) => {
          const secret = byId.get(kid ?? "");
          if (!secret) throw new joseErrors.JWKSNoMatchingKey();
          return secret;
        },
        {
          algorithms: [algorithm],
          issuer,
          audience,
          typ: type,
          currentDate: clock(),
          clockTolerance: leewaySeconds,
          requiredClaims: ["sub", "exp", "nbf", "iat", "ent", "ver", "scp"],
        },
      );
      return {
        claims: {
          enterpriseId: String(payload["ent"]),
          appId: String(payload.sub),
          secretVersion: Number(payload["ver"]),
          scopes: payload["scp"] as string[],
        },
        expiresAtMs: (payload.exp! + leewaySeconds) * 1000,
      };
    } catch (cause) {
      throw new Problem(cause instanceof joseErrors.JWTExpired ? "TOKEN_EXPIRED" : "TOKEN_INVALID", {
        cause,
      });
    }
  }

  return {
    async issue(grant, now) {
      const [accessToken, refreshToken] = await Promise.all([
        sign(grant, "access", now),
        sign(grant, "refresh", now),
      ]);
      return { accessToken, refreshToken, expires: accessSeconds };
    },
    async verifyAccess(token) {
      let known = verified.get(token);
      if (!known) {
        known = await verify(token, "access");
        verified.set(token, known);
      }
      if (clock().getTime() >= known.expiresAtMs) throw new Problem("TOKEN_EXPIRED");
      return known.claims;
    },
    verifyRefresh: async (token) => (await verify(token, "refresh")).claims,
  };
}
