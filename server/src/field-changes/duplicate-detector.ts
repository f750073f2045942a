import { hash } from "node:crypto";

/** The keys that came more than once: how many times in all, and which they are. */
export type DuplicateKeys = { count: number; has(key: string): boolean };

/**
 * Tells which of many keys come more than once. It keeps eight bytes of each, of a hash: there may be ten million. Among
 * so many, two that are different pass for the same once in 300,000 times.
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

/** Of marks in order. */
function includes(hashes: BigUint64Array, wanted: bigint): boolean {
  let [from, to] = [0, hashes.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (hashes[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return hashes[from] === wanted;
}
