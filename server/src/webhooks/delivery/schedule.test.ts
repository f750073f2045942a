import { expect, test } from "vitest";
import { delaysMs, nextTryAt, restOf } from "./schedule.ts";

const now = new Date("2030-01-15T09:00:00Z");
const hourMs = 3_600_000;
const msTo = (date: Date | null) => date && date.getTime() - now.getTime();

test("attempts spread over more than 75 hours with growing delays", () => {
  const sum = delaysMs.reduce((total, delay) => total + delay, 0);
  expect(sum / hourMs).toBeGreaterThan(75.6);
  expect([...delaysMs].sort((one, other) => one - other)).toEqual(delaysMs);
  expect(msTo(nextTryAt(1, now, () => 0))).toBe(5_000);
  expect(msTo(nextTryAt(1, now, () => 1))).toBe(5_500);
  expect(nextTryAt(delaysMs.length + 1, now, () => 0)).toBeNull();
});

test.each([
  [429, "30", 30_000],
  [503, " 120 ", 120_000],
  [503, "Tue, 15 Jan 2030 10:00:00 GMT", hourMs],
  [429, "9999999999", 24 * hourMs],
  [429, "0", null],
  [503, "Tue, 15 Jan 2030 08:00:00 GMT", null],
  [429, "soon", null],
  [429, "-5", null],
  [429, "1.5", null],
  [429, "2030", 2_030_000],
  [429, undefined, null],
  [500, "30", null],
  [200, "30", null],
  [null, undefined, null],
])("an answer %s with Retry-After %s asks for %s ms", (status, header, ms) => {
  expect(msTo(restOf(status, header, now))).toBe(ms);
});
