import { expect, test } from "vitest";
import { formatBytes, formatDuration } from "./format-numbers.ts";
import { printable } from "./terminal.ts";

test("untrusted text is printed on one line without control characters", () => {
  expect(printable("\u001b]0;owned\u0007 a\n\tb \u009b31m\u202ec")).toBe("�]0;owned� a b �31m�c");
  expect(printable(" Größe 👩 ")).toBe("Größe 👩");
});

test("sizes and durations are formatted with units", () => {
  expect([0, 999, 1_000, 12_345, 999_000_000, 1.5e9].map(formatBytes)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.00 kB",
    "12.3 kB",
    "999 MB",
    "1.50 GB",
  ]);
  expect([0.4, 59.4, 61, 3_600, 7_260].map(formatDuration)).toEqual([
    "0 s",
    "59 s",
    "1 min 1 s",
    "1 h 0 min",
    "2 h 1 min",
  ]);
});
