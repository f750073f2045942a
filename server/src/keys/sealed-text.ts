import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { required } from "../validation/required.ts";

const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a secret that the service has to read again, with AES-256-GCM and the newest key. Returns nonce, tag and
 * ciphertext. `place` names the row that stores them: copied to another row, they cannot be unsealed.
 */
export function seal(keys: readonly Uint8Array[], place: string, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", required(keys[0], "the encryption key"), nonce).setAAD(
    Buffer.from(place),
  );
  const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

/** Decrypts with the key that sealed the text. Throws when none of the keys fits. */
export function unseal(keys: readonly Uint8Array[], place: string, sealed: Buffer): string {
  for (const key of keys) {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      const text = decipher.update(sealed.subarray(nonceBytes + tagBytes));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch {
      // Another key sealed it.
    }
  }
  throw new Error("None of the installation's keys can unseal the text.");
}
