import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * An app secret: a prefix for secret scanners, the enterprise, and 256 random bits. It contains the
 * enterprise so that verifying it needs no query across enterprises.
 */
export const newSecret = (enterpriseId: string): string =>
  `cls_${enterpriseId}_${randomBytes(32).toString("base64url")}`;

/** The enterprise in a secret; null when the format is wrong. */
export const enterpriseIdOfSecret = (secret: string): string | null =>
  /^cls_([0-9a-f]{24})_[\w-]{43}$/.exec(secret)?.[1] ?? null;

// A fast hash is enough, because the secret has 256 random bits.
export const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("base64url");

export const matchesHash = (secret: string, hash: string): boolean => {
  const [actual, expected] = [Buffer.from(hashSecret(secret)), Buffer.from(hash)];
  return actual.length === expected.length && timingSafeEqual(actual, expected);
};
