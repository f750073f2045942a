import { expect, test } from "vitest";
import { type DecimalMark, readNumber } from "./decimal.ts";

const cases: [DecimalMark | undefined, string, string | null][] = [
  [",", "1.234,56", "1234.56"],
  [",", "1234,56", "1234.56"],
  [",", "1 234 567,8", "1234567.8"],
  [",", "1.234", "1234"],
  [",", ",5", "0.5"],
  [",", "-1.234,5", "-1234.5"],
  [",", "1234.56", null],
  [",", "1.234.56", null],
  [",", "1,234,567", null],
  [".", "1,234.56", "1234.56"],
  [".", "1'234’567", null],
  [".", "1'234'567.5", "1234567.5"],
  [".", "1234.5", "1234.5"],
  [".", "−2", "-2"],
  [".", "+2", "2"],
  [".", "12,34", null],
  [".", "1,2345", null],
  [".", "1.2.3", null],
  [".", "", null],
  [".", ".", null],
  [".", "-", null],
  [".", "12 EUR", null],
  [".", "1e3", null],
  [undefined, "1234.5", "1234.5"],
  [undefined, "007", "007"],
  [undefined, "1,234", null],
  [undefined, "1.234,5", null],
];
test.each(cases)("with %s before a fraction, %s is %s", (mark, text, number) => {
  expect(readNumber(text, mark)).toBe(number);
});
