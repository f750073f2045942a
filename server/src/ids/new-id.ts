import { randomBytes } from "node:crypto";

// Random bytes are drawn in bulk: five at a time would cost more than the rest of an id.
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

/** The lowest id that can be created at a time. */
export const firstIdAt = (time: Date): string => {
  const seconds = Math.min(Math.max(Math.ceil(time.getTime() / 1000), 0), secondsMax);
  return seconds.toString(16).padStart(8, "0").padEnd(24, "0");
};

/** Less than every id: where reading in the order of ids begins. */
export const beforeAllIds = "0".repeat(24);

/** The time at which an id was created, in whole seconds. */
export const timeOfId = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8), 16) * 1000);

const countersMax = 2 ** 24;
let counter = 0;

/**
 * 24 hex digits: 4 bytes of seconds and 3 of a counter, so that ids sort by age, and 5 random bytes, so that ids cannot
 * be guessed. Without the counter the ids of a second come in random order, which makes each index that has them a third
 * larger.
 */
export function newIdAt(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  counter = (counter + 1) % countersMax;
  return seconds.toString(16).padStart(8, "0") + counter.toString(16).padStart(6, "0") + randomHex(5);
}
