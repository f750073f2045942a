import { expect, test } from "vitest";
import { guessDateFormat } from "./date-format-guess.ts";

test.each([
  [["3.2.1990", "31.12.1999"], "DD.MM.YYYY"],
  [["03.02.90"], "DD.MM.YY"],
  [["19900203"], "YYYYMMDD"],
  [["3-2-1990"], "DD-MM-YYYY"],
  [["13/2/1990", "1/2/1990"], "DD/MM/YYYY"],
  [["1/13/1990"], "MM/DD/YYYY"],
])("%j is written %s, whatever is usual", (samples, format) => {
  expect(guessDateFormat(samples, true)).toBe(format);
  expect(guessDateFormat(samples, false)).toBe(format);
});

test("an ambiguous date follows what is usual", () => {
  expect(guessDateFormat(["3/4/1990"], true)).toBe("MM/DD/YYYY");
  expect(guessDateFormat(["3/4/1990"], false)).toBe("DD/MM/YYYY");
});

test.each([[[]], [["3.2.1990", "1990-02-03"]], [["soon"]]])("%j has no format", (samples) => {
  expect(guessDateFormat(samples, true)).toBeNull();
});
