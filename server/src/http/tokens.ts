import { randomBytes } from "node:crypto";
import { Problem } from "@clientele/contract/errors";
import { errors as joseErrors, jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import type pg from "pg";
import type { Grant, Tokens } from "../call.ts";
import { newIdAt } from "../new-id.ts";

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

/** Keys are the installation's own, made once and kept in the database. A token's `kid` only selects among them. */
export async function openTokens(pool: pg.Pool, clock: () => Date): Promise<Tokens> {
  const keys = await loadKeys(pool, clock);
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

type Key = { id: string; secret: Uint8Array };

async function loadKeys(pool: pg.Pool, clock: () => Date): Promise<Key[]> {
  const read = async () =>
    (await pool.query<Key>("select id, secret from signing_keys order by created_at desc, id desc")).rows;
  const keys = await read();
  if (keys.length > 0) return keys;
  // Two first starts may both come here: they then know both keys.
  await pool.query("insert into signing_keys (id, secret) values ($1, $2)", [
    newIdAt(clock()),
    randomBytes(32),
  ]);
  return read();
}
