import { createHmac, timingSafeEqual } from "node:crypto";
import { required } from "../validation/required.ts";

const macBytes = 16;

const macOf = (key: Uint8Array, scope: string, payload: Buffer): Buffer =>
  createHmac("sha256", key).update(`${scope}\n`).update(payload).digest().subarray(0, macBytes);

/**
 * Returns the position as a signed cursor. `scope` names the list and its enterprise: it is signed but not sent, so a
 * cursor of another enterprise or list fails verification like a forged one.
 */
export function signCursor(keys: readonly Uint8Array[], scope: string, position: unknown): string {
  const payload = Buffer.from(JSON.stringify(position));
  return Buffer.concat([macOf(required(keys[0], "the signing key"), scope, payload), payload]).toString(
    "base64url",
  );
}

/** Returns the position, or null when the cursor was not signed for this scope. */
export function verifyCursor<T>(keys: readonly Uint8Array[], scope: string, cursor: string): T | null {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.length <= macBytes) return null;
  const mac = bytes.subarray(0, macBytes);
  const payload = bytes.subarray(macBytes);
  if (!keys.some((key) => timingSafeEqual(mac, macOf(key, scope, payload)))) return null;
  return JSON.parse(payload.toString()) as T;
}
