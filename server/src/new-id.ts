import { randomBytes } from "node:crypto";

/** 24 hex digits: 4 bytes of seconds, so that ids order by age, then 8 random bytes, so that none can be guessed. */
export function newIdAt(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return seconds.toString(16).padStart(8, "0") + randomBytes(8).toString("hex");
}
