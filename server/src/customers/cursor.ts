import { createHmac, timingSafeEqual } from "node:crypto";

/** Where a page ended: the next one begins behind it. */
export type Position = {
  /** The number of the page that ended. */
  page: number;
  /** What its last customer is sorted by, as PostgreSQL writes it; the id comes last. */
  keys: readonly string[];
};

const macBytes = 16;

const macOf = (key: Uint8Array, scope: string, payload: Buffer): Buffer =>
  createHmac("sha256", key).update(`${scope}\n`).update(payload).digest().subarray(0, macBytes);

/**
 * The position as a caller hands it back. `scope` is what list it is a position in: it is signed and not sent, so
 * the cursor of another enterprise, another order or other filters is refused like one that was never given out.
 */
export function writeCursor(keys: readonly Uint8Array[], scope: string, position: Position): string {
  const payload = Buffer.from(JSON.stringify([position.page, ...position.keys]));
  return Buffer.concat([macOf(keys[0]!, scope, payload), payload]).toString("base64url");
}

/** The position, or null when the cursor is not one of this list. */
export function readCursor(keys: readonly Uint8Array[], scope: string, cursor: string): Position | null {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.length <= macBytes) return null;
  const mac = bytes.subarray(0, macBytes);
  const payload = bytes.subarray(macBytes);
  if (!keys.some((key) => timingSafeEqual(mac, macOf(key, scope, payload)))) return null;
  const [page, ...rest] = JSON.parse(payload.toString()) as [number, ...string[]];
  return { page, keys: rest };
}
