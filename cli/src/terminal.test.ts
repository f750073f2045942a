import { expect, test } from "vitest";
import { bytes, duration } from "./measures.ts";
import { shown } from "./terminal.ts";

test("text of others cannot steer the terminal, nor take more than its line", () => {
  expect(shown("\u001b]0;owned\u0007 a\n\tb \u009b31m\u202ec")).toBe("�]0;owned� a b �31m�c");
  expect(shown(" Größe 👩 ")).toBe("Größe 👩");
});

test("sizes and times are as people read them", () => {
  expect([0, 999, 1_000, 12_345, 999_000_000, 1.5e9].map(bytes)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.00 kB",
    "12.3 kB",
    "999 MB",
    "1.50 GB",
  ]);
  expect([0.4, 59.4, 61, 3_600, 7_260].map(duration)).toEqual([
    "0 s",
    "59 s",
    "1 min 1 s",
    "1 h 0 min",
    "2 h 1 min",
  ]);
});
