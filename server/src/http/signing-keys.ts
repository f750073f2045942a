import { hkdfSync, randomBytes } from "node:crypto";
import type pg from "pg";
import { newIdAt } from "../new-id.ts";

export type SigningKey = { id: string; secret: Uint8Array };

/** The installation's own keys, made once and kept in the database, the newest first. */
export async function loadSigningKeys(pool: pg.Pool, clock: () => Date): Promise<SigningKey[]> {
  const read = async () =>
    (await pool.query<SigningKey>("select id, secret from signing_keys order by created_at desc, id desc"))
      .rows;
  const keys = await read();
  if (keys.length > 0) return keys;
  // Two first starts may both come here: they then know both keys.
  await pool.query("insert into signing_keys (id, secret) values ($1, $2)", [
    newIdAt(clock()),
    randomBytes(32),
  ]);
  return read();
}

/** Keys for another purpose than tokens: what one signs can never pass for what the other does. */
export const derivedKeys = (keys: readonly SigningKey[], purpose: string): Uint8Array[] =>
  keys.map(({ secret }) => new Uint8Array(hkdfSync("sha256", secret, "", `clientele ${purpose}`, 32)));
