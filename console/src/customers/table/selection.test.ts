import { describe, expect, test } from "vitest";
import { countOf, emptySelection, fullSelection, isSelected, withRows } from "./selection.ts";

describe("a selection", () => {
  test("of single rows contains exactly these", () => {
    const selection = withRows(withRows(emptySelection, ["a", "b"], true), ["a"], false);
    expect(isSelected(selection, "a")).toBe(false);
    expect(isSelected(selection, "b")).toBe(true);
    expect(countOf(selection, 100)).toBe(1);
  });

  test("of all matching rows excludes those that are removed, and takes them back", () => {
    const without = withRows(fullSelection, ["a", "b"], false);
    expect(isSelected(without, "a")).toBe(false);
    expect(isSelected(without, "z")).toBe(true);
    expect(countOf(without, 100)).toBe(98);
    expect(countOf(withRows(without, ["a"], true), 100)).toBe(99);
  });

  test("of all matching rows has no count until the total is known", () => {
    expect(countOf(fullSelection, null)).toBeNull();
    expect(countOf(withRows(fullSelection, ["a", "b"], false), 1)).toBe(0);
  });

  test("does not change the selection that it came from", () => {
    withRows(emptySelection, ["a"], true);
    expect(countOf(emptySelection, 10)).toBe(0);
  });
});
