import fc from "fast-check";
import { expect, test } from "vitest";
import { keepApostrophes, protectFormula, unprotectFormula } from "./formula.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["+49123456789", "'+49123456789"],
  ["-3.5", "'-3.5"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["\r=1", "'\r=1"],
  ["＝1+1", "'＝1+1"],
  ["'=1+1", "''=1+1"],
  ["'quoted'", "'quoted'"],
  ["d'Artagnan", "d'Artagnan"],
  ["1-2", "1-2"],
  ["", ""],
])("%j is written %j and read again as it was", (text, cell) => {
  expect(protectFormula(text)).toBe(cell);
  expect(unprotectFormula(cell)).toBe(text);
});

const signs = fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "a", " ");
const texts = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: signs }));

test("every text is restored, and no cell is run as a formula", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const cell = protectFormula(text);
      expect(unprotectFormula(cell)).toBe(text);
      expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    }),
  );
});

test("protecting twice takes two steps back", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(unprotectFormula(unprotectFormula(protectFormula(protectFormula(text))))).toBe(text);
    }),
  );
});

test("a cell that is text already keeps its apostrophes, and gets one only to keep them", () => {
  expect(keepApostrophes("+49123456789")).toBe("+49123456789");
  expect(keepApostrophes("'=1+1")).toBe("''=1+1");
  fc.assert(
    fc.property(texts, (text) => {
      expect(unprotectFormula(keepApostrophes(text))).toBe(text);
    }),
  );
});
