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

const secondsMax = 2 ** 32 - 1;

/** The first id that can have been made at a time: those made before are smaller. */
export const firstIdAt = (time: Date): string => {
  const seconds = Math.min(Math.max(Math.ceil(time.getTime() / 1000), 0), secondsMax);
  return seconds.toString(16).padStart(8, "0");
};

/** When an id was made. */
export const madeAt = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8), 16) * 1000);

/** 24 hex digits: 4 bytes of seconds, so that ids order by age, then 8 random bytes, so that none can be guessed. */
export function newIdAt(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return seconds.toString(16).padStart(8, "0") + randomHex(8);
}
