import fc from "fast-check";
import { expect, test } from "vitest";
import { normalized } from "../text/normalize.ts";
import { readList, writeList } from "./list-cell.ts";

test.each([
  ["a;b", ["a", "b"]],
  [" a ; ;b; ", ["a", "b"]],
  ["a, b", ["a, b"]],
  ['["a;b","c"]', ["a;b", "c"]],
  ["[a];b", ["[a]", "b"]],
  ["[1]", ["[1]"]],
  ["", []],
])("%s lists %j", (cell, entries) => {
  expect(readList(cell, ";")).toEqual(entries);
});

test("a list is read back as written, whatever its entries contain", () => {
  expect(writeList(["a", "b"])).toBe("a;b");
  expect(writeList(["a;b", "c"])).toBe('["a;b","c"]');
  const entry = fc
    .string({ unit: fc.constantFrom("a", ";", ",", "[", "]", '"', "\\", " ") })
    .map(normalized)
    .filter((value) => value !== "");
  fc.assert(
    fc.property(fc.array(entry), fc.constantFrom(";", ",", "|", " "), (entries, separator) => {
      expect(readList(writeList(entries, separator), separator)).toEqual(entries);
    }),
  );
});
