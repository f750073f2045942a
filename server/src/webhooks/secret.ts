import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** What the installation's keys that seal secrets are derived for. */
export const keyPurpose = "webhook secrets";

const prefix = "whsec_";
const nonceBytes = 12;
const tagBytes = 16;

/** A secret that signs, as its owner is shown it once: 256 random bits. */
export const newSecret = (): string => prefix + randomBytes(32).toString("base64");

/** The key that a secret is. */
export const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(prefix.length), "base64");

/** Whose secret it is: one that is moved to another row does not open there. */
type Owner = { enterpriseId: string; webhookId: string };
const associatedData = ({ enterpriseId, webhookId }: Owner): Buffer =>
  Buffer.from(`${enterpriseId}/${webhookId}`);

/** The secret as it is kept: AES-256-GCM by the newest of the installation's keys. Nonce, tag, text. */
export function sealed(keys: readonly Uint8Array[], owner: Owner, secret: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keys[0]!, nonce).setAAD(associatedData(owner));
  const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** The secret again, by whichever of the keys has sealed it. */
export function opened(keys: readonly Uint8Array[], owner: Owner, kept: Buffer): string {
  for (const key of keys) {
    const decipher = createDecipheriv("aes-256-gcm", key, kept.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(associatedData(owner)).setAuthTag(kept.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      const text = decipher.update(kept.subarray(nonceBytes + tagBytes));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch {
      // Sealed by another one.
    }
  }
  throw new Error("None of the installation's keys opens the webhook's secret.");
}
