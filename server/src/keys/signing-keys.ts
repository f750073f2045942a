import { hkdfSync, randomBytes } from "node:crypto";
import type { OperatorPool, ServicePool } from "../database/pools.ts";
import { sql } from "../database/sql.ts";

export type SigningKey = { id: string; secret: Uint8Array };

/** The installation's own keys, kept in the database, the newest first. The first is made once, whoever starts first. */
export async function loadSigningKeys(pool: ServicePool | OperatorPool): Promise<SigningKey[]> {
  await pool.many(
    sql`insert into signing_keys (id, secret) values ('first', ${randomBytes(32)}) on conflict do nothing`,
  );
  return pool.many(sql<SigningKey>`select id, secret from signing_keys order by created_at desc, id desc`);
}

/** Keys for another purpose than tokens: what one signs can never pass for what the other does. */
export const derivedKeys = (keys: readonly SigningKey[], purpose: string): Uint8Array[] =>
  keys.map(({ secret }) => new Uint8Array(hkdfSync("sha256", secret, "", `clientele ${purpose}`, 32)));
