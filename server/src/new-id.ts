import { randomBytes } from "node:crypto";

// Asking the system for eight bytes at a time costs more than the rest of an id.
const poolBytes = 8_192;
let pool = randomBytes(poolBytes);
let used = 0;

function randomHex(bytes: number): string {
  if (used + bytes > poolBytes) {
    pool = randomBytes(poolBytes);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}

/** 24 hex digits: 4 bytes of seconds, so that ids order by age, then 8 random bytes, so that none can be guessed. */
export function newIdAt(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return seconds.toString(16).padStart(8, "0") + randomHex(8);
}
