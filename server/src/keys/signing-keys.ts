import { hkdfSync, randomBytes } from "node:crypto";
import type { OperatorPool, ServicePool } from "../database/pools.ts";
import { sql } from "../database/sql.ts";

export type SigningKey = { id: string; secret: Uint8Array };

/** Returns the installation's keys from the database, newest first. Creates the first key if there is none. */
export async function loadSigningKeys(pool: ServicePool | OperatorPool): Promise<SigningKey[]> {
  await pool.many(
    sql`insert into signing_keys (id, secret) values ('first', ${randomBytes(32)}) on conflict do nothing`,
  );
  return pool.many(sql<SigningKey>`select id, secret from signing_keys order by created_at desc, id desc`);
}

/** Derives keys for one purpose, so that a signature made for another purpose does not verify. */
export const deriveKeys = (keys: readonly SigningKey[], purpose: string): Uint8Array[] =>
  keys.map(({ secret }) => new Uint8Array(hkdfSync("sha256", secret, "", `clientele ${purpose}`, 32)));
