import { hash } from "node:crypto";
import { required } from "../validation/required.ts";

/** Keys that were added more than once; `count` includes every occurrence. */
export type DuplicateKeys = { count: number; has(key: string): boolean };

/**
 * Detects duplicates among up to ten million keys in memory by an eight-byte hash per key. At that size the
 * chance of any false match is one in 300,000.
 */
export function duplicateDetector(): { add(key: string): void; duplicates(): DuplicateKeys } {
  let hashes = new BigUint64Array(1_024);
  let length = 0;
  return {
    add(key) {
      if (length === hashes.length) {
        const larger = new BigUint64Array(2 * length);
        larger.set(hashes);
        hashes = larger;
      }
      hashes[length++] = hashOf(key);
    },
    duplicates() {
      const sorted = hashes.subarray(0, length).sort();
      const duplicates = sorted.filter((hash, at) => hash === sorted[at - 1] || hash === sorted[at + 1]);
      return { count: duplicates.length, has: (key) => includes(duplicates, hashOf(key)) };
    },
  };
}

const hashOf = (key: string): bigint => hash("sha256", key, "buffer").readBigUInt64LE();

/** Binary search in sorted hashes. */
function includes(hashes: BigUint64Array, wanted: bigint): boolean {
  let [from, to] = [0, hashes.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (required(hashes[middle], "the middle hash") < wanted) from = middle + 1;
    else to = middle;
  }
  return hashes[from] === wanted;
}
