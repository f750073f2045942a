import { createHmac, timingSafeEqual } from "node:crypto";
import { required } from "../validation/required.ts";

const macBytes = 16;

const macOf = (key: Uint8Array, scope: string, payload: Buffer): Buffer =>
  createHmac("sha256", key).update(`${scope}\n`).update(payload).digest().subarray(0, macBytes);

/**
 * A position as a caller hands it back. `scope` is what it is a position in: it is signed and not sent, so a cursor
 * of another enterprise or purpose is refused like one that was never given out.
 */
export function signCursor(keys: readonly Uint8Array[], scope: string, position: unknown): string {
  const payload = Buffer.from(JSON.stringify(position));
  return Buffer.concat([macOf(required(keys[0], "keys[0]"), scope, payload), payload]).toString("base64url");
}

/** The position, or null when the cursor is none of this scope. */
export function verifiedCursor<T>(keys: readonly Uint8Array[], scope: string, cursor: string): T | null {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.length <= macBytes) return null;
  const mac = bytes.subarray(0, macBytes);
  const payload = bytes.subarray(macBytes);
  if (!keys.some((key) => timingSafeEqual(mac, macOf(key, scope, payload)))) return null;
  return JSON.parse(payload.toString()) as T;
}
