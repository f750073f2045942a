import { createHash } from "node:crypto";
import { Problem } from "@clientele/contract/errors";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { objects, sql } from "../database/sql.ts";

export type StoredAnswer = { status: number; etag: string | null; location: string | null; body: string };

/** What makes two requests the same: the route, the address, the branch acted for and the body. */
export function fingerprintOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("base64url");
}

export function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const key = String(header);
  if (key === "" || key.length > 255) {
    const message = "must have 1 to 255 characters";
    throw new Problem("REQUEST_INVALID", {
      faults: [{ in: "headers", path: "idempotency-key", code: "REQUEST_INVALID", message }],
    });
  }
  return key;
}

export const keptHours = 24;

/**
 * Runs a write once for its key, in the write's own transaction: the answer is stored beside the effect or not at
 * all. A second request gets the stored answer; one that comes while the first still runs is told so.
 */
export async function once(
  database: EnterpriseDatabase,
  request: { appId: string; key: string; fingerprint: string; now: Date },
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer & { replayed: boolean }> {
  const { appId, key, fingerprint, now } = request;
  const { enterpriseId } = database;
  const [locked, found] = await database.batch([
    sql`select pg_try_advisory_xact_lock(hashtextextended(${`${enterpriseId}/${appId}/${key}`}, 1)) as locked`,
    sql`select fingerprint, status, etag, location, body from idempotency_keys
        where enterprise_id = ${enterpriseId} and app_id = ${appId} and key = ${key}
          and created_at > ${now}::timestamptz - make_interval(hours => ${keptHours})`,
  ]);
  const [stored] = objects<StoredAnswer & { fingerprint: string }>(found!);
  if (stored) {
    if (stored.fingerprint !== fingerprint) throw new Problem("IDEMPOTENCY_KEY_REUSED");
    const { status, etag, location, body } = stored;
    return { status, etag, location, body, replayed: true };
  }
  if (!objects<{ locked: boolean }>(locked!)[0]?.locked)
    throw new Problem("IDEMPOTENCY_KEY_IN_USE", { headers: { "retry-after": "1" } });
  const answer = await run();
  await database.batch([
    sql`insert into idempotency_keys (enterprise_id, app_id, key, fingerprint, status, etag, location, body,
          created_at)
        values (${enterpriseId}, ${appId}, ${key}, ${fingerprint}, ${answer.status}, ${answer.etag},
          ${answer.location}, ${answer.body}, ${now})
        on conflict (enterprise_id, app_id, key) do update
          set fingerprint = excluded.fingerprint, status = excluded.status, etag = excluded.etag,
              location = excluded.location, body = excluded.body, created_at = excluded.created_at`,
  ]);
  return { ...answer, replayed: false };
}
