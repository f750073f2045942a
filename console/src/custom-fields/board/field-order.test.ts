import { describe, expect, test } from "vitest";
import type { Category, Field } from "../definitions.ts";
import { groupsOf, lineBeside, linesOf, placeOf, withFieldAt } from "./field-order.ts";

const category = (id: string) => ({ id, name: id.toUpperCase() }) as Category;
const field = (id: string, categoryId: string) => ({ id, categoryId }) as Field;
const groups = groupsOf(
  [category("a"), category("b")],
  [field("a1", "a"), field("a2", "a"), field("b1", "b")],
);
const linesAfter = (fieldId: string, lineId: string) => linesOf(withFieldAt(groups, fieldId, lineId));

describe("the order of fields", () => {
  test("lists each category followed by its fields", () => {
    expect(linesOf(groups)).toEqual(["a", "a1", "a2", "b", "b1"]);
  });

  test("moves a field within its category", () => {
    expect(linesAfter("a2", "a1")).toEqual(["a", "a2", "a1", "b", "b1"]);
  });

  test("moves a field past a heading into that category", () => {
    const moved = withFieldAt(groups, "a2", "b");
    expect(linesOf(moved)).toEqual(["a", "a1", "b", "a2", "b1"]);
    expect(moved[1]!.fields[0]).toEqual({ id: "a2", categoryId: "b" });
  });

  test("never moves a field above the first category", () => {
    expect(linesAfter("b1", "a")).toEqual(["a", "b1", "a1", "a2", "b"]);
  });

  test("ends at the first and the last line", () => {
    expect(lineBeside(groups, "a1", -1)).toBeNull();
    expect(lineBeside(groups, "b1", 1)).toBeNull();
    expect(lineBeside(groups, "a2", 1)).toBe("b");
  });

  test("counts positions from 1", () => {
    expect(placeOf(groups, "a2")).toEqual({ category: "A", position: 2, count: 2 });
  });
});
