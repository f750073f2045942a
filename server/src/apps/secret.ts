import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * An app's secret: a mark that scanners know, the enterprise it opens, and 256 random bits. It names its enterprise
 * so that checking it needs no look across enterprises.
 */
export const newSecret = (enterpriseId: string): string =>
  `cls_${enterpriseId}_${randomBytes(32).toString("base64url")}`;

/** The enterprise that a secret says it opens, or null when it is none of ours. */
export const enterpriseIdOfSecret = (secret: string): string | null =>
  /^cls_([0-9a-f]{24})_[\w-]{43}$/.exec(secret)?.[1] ?? null;

// No slow hash: what is hashed is as random as the hash.
export const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("base64url");

export const matchesHash = (secret: string, hash: string): boolean => {
  const [actual, expected] = [Buffer.from(hashSecret(secret)), Buffer.from(hash)];
  return actual.length === expected.length && timingSafeEqual(actual, expected);
};
