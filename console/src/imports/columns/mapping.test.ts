import { describe, expect, test } from "vitest";
import type { ImportColumn } from "../queries.ts";
import { isDecidable, mappingOf, mappingParameter, undecided } from "./mapping.ts";

const column = (position: number, rest: Partial<ImportColumn> = {}) =>
  ({
    position,
    heading: `h${position}`,
    target: null,
    creates: false,
    ignored: null,
    label: "",
    ...rest,
  }) as ImportColumn;

describe("a column mapping", () => {
  const columns = [
    column(1, { target: "lastName" }),
    column(2, { ignored: "asked" }),
    column(3, { target: "new", creates: true, label: "Size" }),
    column(4, { ignored: "report" } as Partial<ImportColumn>),
    column(5),
  ];

  test("has the target of each column, null for skipped ones, and new fields with their type", () => {
    const options = { mapping: { "#3": { create: { label: "Size", type: "NUMBER" } } } };
    expect(mappingOf({ columns, options } as unknown as Parameters<typeof mappingOf>[0])).toEqual({
      1: "lastName",
      2: null,
      3: { create: { label: "Size", type: "NUMBER" } },
    });
  });

  test("leaves report columns out of the decision", () => {
    expect(columns.filter(isDecidable).map(({ position }) => position)).toEqual([1, 2, 3, 5]);
    expect(undecided(columns, { 1: "lastName", 2: null, 3: "x" }).map(({ position }) => position)).toEqual([
      5,
    ]);
  });

  test("names columns by number in a request", () => {
    expect(JSON.parse(mappingParameter({ 1: "lastName", 2: null }))).toEqual({
      "#1": "lastName",
      "#2": null,
    });
  });
});
