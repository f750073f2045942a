import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { required } from "../validation/required.ts";

const nonceBytes = 12;
const tagBytes = 16;

/**
 * A text as it is kept when a hash would not do: AES-256-GCM by the newest of the installation's keys. Nonce, tag,
 * text. `place` is where it belongs: one that is moved elsewhere does not open there.
 */
export function sealed(keys: readonly Uint8Array[], place: string, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", required(keys[0], "keys[0]"), nonce).setAAD(
    Buffer.from(place),
  );
  const closed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), closed]);
}

/** The text again, by whichever of the keys has sealed it. */
export function opened(keys: readonly Uint8Array[], place: string, kept: Buffer): string {
  for (const key of keys) {
    const decipher = createDecipheriv("aes-256-gcm", key, kept.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place)).setAuthTag(kept.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      const text = decipher.update(kept.subarray(nonceBytes + tagBytes));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch {
      // Sealed by another one.
    }
  }
  throw new Error("None of the installation's keys opens what was sealed.");
}
