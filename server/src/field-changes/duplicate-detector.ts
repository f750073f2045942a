import { hash } from "node:crypto";

/** The keys that came more than once: how many times in all, and which they are. */
export type SharedKeys = { count: number; has(key: string): boolean };

/**
 * Tells which of many keys come more than once. It keeps eight bytes of each, of a hash: there may be ten million. Among
 * so many, two that are different pass for the same once in 300,000 times.
 */
export function manyKeys(): { add(key: string): void; shared(): SharedKeys } {
  let marks = new BigUint64Array(1_024);
  let length = 0;
  return {
    add(key) {
      if (length === marks.length) {
        const more = new BigUint64Array(2 * length);
        more.set(marks);
        marks = more;
      }
      marks[length++] = markOf(key);
    },
    shared() {
      const sorted = marks.subarray(0, length).sort();
      const shared = sorted.filter((mark, at) => mark === sorted[at - 1] || mark === sorted[at + 1]);
      return { count: shared.length, has: (key) => includes(shared, markOf(key)) };
    },
  };
}

const markOf = (key: string): bigint => hash("sha256", key, "buffer").readBigUInt64LE();

/** Of marks in order. */
function includes(marks: BigUint64Array, sought: bigint): boolean {
  let [from, to] = [0, marks.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (marks[middle]! < sought) from = middle + 1;
    else to = middle;
  }
  return marks[from] === sought;
}
