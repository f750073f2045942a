import { createHash } from "node:crypto";
import { Problem } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { maybeOne, one, sql } from "../../database/sql.ts";
import { seal, unseal } from "../../keys/sealed-text.ts";

export type StoredAnswer = { status: number; etag: string | null; location: string | null; body: string };

/** Two requests are the same if their route, address, branch and body are. */
export function fingerprintOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("base64url");
}

export function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const key = String(header);
  if (key === "" || key.length > 255) {
    const why = reason("LENGTH_OUT_OF_RANGE", { min: 1, max: 255 });
    throw new Problem("REQUEST_INVALID", {
      fieldErrors: [{ in: "headers", path: "idempotency-key", code: "REQUEST_INVALID", ...why }],
    });
  }
  return key;
}

export const retentionHours = 24;

/**
 * Runs a write once per key, in the write's own transaction: the response is stored with the effect or not at all. A
 * repeated request gets the stored response, or 409 while the first one runs. With `sealedBy` the stored response is
 * sealed, because it contains a secret that is stored nowhere else in clear text.
 */
export async function once(
  database: EnterpriseDatabase,
  request: {
    callerId: string;
    key: string;
    fingerprint: string;
    now: Date;
    sealedBy?: readonly Uint8Array[];
  },
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer & { replayed: boolean }> {
  const { callerId, key, fingerprint, now, sealedBy } = request;
  const { enterpriseId } = database;
  const place = `${enterpriseId}/${callerId}/${key}`;
  const [{ locked }, stored] = await database.batch([
    one(sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(hashtextextended(${place}, 1)) as locked`),
    maybeOne(sql<
      StoredAnswer & { fingerprint: string; isSealed: boolean }
    >`select fingerprint, status, etag, location, body, is_sealed as "isSealed" from idempotency_keys
        where enterprise_id = ${enterpriseId} and caller_id = ${callerId} and key = ${key}
          and created_at > ${now}::timestamptz - make_interval(hours => ${retentionHours})`),
  ]);
  if (stored) {
    if (stored.fingerprint !== fingerprint) throw new Problem("IDEMPOTENCY_KEY_REUSED");
    const { status, etag, location, isSealed } = stored;
    const body = isSealed ? unseal(sealedBy ?? [], place, Buffer.from(stored.body, "base64")) : stored.body;
    return { status, etag, location, body, replayed: true };
  }
  if (!locked) throw new Problem("IDEMPOTENCY_KEY_IN_USE", { headers: { "retry-after": "1" } });
  const answer = await run();
  const body = sealedBy ? seal(sealedBy, place, answer.body).toString("base64") : answer.body;
  await database.batch([
    sql`insert into idempotency_keys (enterprise_id, caller_id, key, fingerprint, status, etag, location, body,
          is_sealed, created_at)
        values (${enterpriseId}, ${callerId}, ${key}, ${fingerprint}, ${answer.status}, ${answer.etag},
          ${answer.location}, ${body}, ${sealedBy !== undefined}, ${now})
        on conflict (enterprise_id, caller_id, key) do update
          set fingerprint = excluded.fingerprint, status = excluded.status, etag = excluded.etag,
              location = excluded.location, body = excluded.body, is_sealed = excluded.is_sealed,
              created_at = excluded.created_at`,
  ]);
  return { ...answer, replayed: false };
}
