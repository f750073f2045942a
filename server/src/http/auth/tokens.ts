import { randomBytes } from "node:crypto";
import { Problem } from "@clientele/contract/errors";
import { type JWTPayload, errors as joseErrors, jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import type { Grant, PersonGrant, Tokens } from "../../call.ts";
import type { SigningKey } from "../../keys/signing-keys.ts";
import { required } from "../../validation/required.ts";

const issuer = "clientele";
const algorithm = "HS256";
const accessSeconds = 7_200;
/** For people: their browsers renew tokens at any time. */
const personSeconds = 600;
const refreshSeconds = 30 * 24 * 3_600;
const leewaySeconds = 60;

/** The two kinds differ in audience and type, so that one never passes for the other. */
const kinds = {
  access: { audience: "clientele/v1", type: "at+jwt", seconds: accessSeconds },
  refresh: { audience: "clientele/refresh", type: "rt+jwt", seconds: refreshSeconds },
} as const;

/** A token's `kid` only selects among the installation's keys. */
export function openTokens(keys: readonly SigningKey[], clock: () => Date): Tokens {
  const newest = required(keys[0], "the signing key");
  const byId = new Map(keys.map((key) => [key.id, key.secret]));
  // Verifying a signature costs more than the rest of a small request, so each token is verified once.
  const verified = new LRUCache<string, { claims: Grant | PersonGrant; expiresAtMs: number }>({
    max: 10_000,
  });

  const sign = (
    subject: string,
    claims: { ent: string; scp: readonly string[] } & ({ ver: number } | { sid: string }),
    kind: keyof typeof kinds,
    now: Date,
    seconds: number = kinds[kind].seconds,
  ) => {
    const { audience, type } = kinds[kind];
    const issuedAt = Math.floor(now.getTime() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid: newest.id, typ: type })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
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
          requiredClaims: ["sub", "exp", "nbf", "iat", "ent", "scp"],
        },
      );
      return {
        claims: claimsOf(payload),
        expiresAtMs: (required(payload.exp, "the token's expiry time") + leewaySeconds) * 1000,
      };
    } catch (cause) {
      throw new Problem(cause instanceof joseErrors.JWTExpired ? "TOKEN_EXPIRED" : "TOKEN_INVALID", {
        cause,
      });
    }
  }

  return {
    async issue({ enterpriseId, appId, secretVersion, scopes }, now) {
      const claims = { ent: enterpriseId, ver: secretVersion, scp: scopes };
      const [accessToken, refreshToken] = await Promise.all([
        sign(appId, claims, "access", now),
        sign(appId, claims, "refresh", now),
      ]);
      return { accessToken, refreshToken, expires: accessSeconds };
    },
    async issueToPerson({ enterpriseId, personId, sessionId, scopes }, now) {
      const claims = { ent: enterpriseId, sid: sessionId, scp: scopes };
      const accessToken = await sign(personId, claims, "access", now, personSeconds);
      return { accessToken, expires: personSeconds };
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
    async verifyRefresh(token) {
      const { claims } = await verify(token, "refresh");
      if (!("appId" in claims)) throw new Problem("TOKEN_INVALID");
      return claims;
    },
  };
}

/** A person's token names the session, an app's token the version of its secret. */
function claimsOf({ sub, ent, scp, sid, ver }: JWTPayload): Grant | PersonGrant {
  const granted = { enterpriseId: String(ent), scopes: scp as string[] };
  if (sid !== undefined) return { ...granted, personId: String(sub), sessionId: String(sid) };
  if (ver === undefined) throw new Problem("TOKEN_INVALID");
  return { ...granted, appId: String(sub), secretVersion: Number(ver) };
}
