import { describe, expect, test } from "vitest";
import type { CustomerFilters } from "../customers-search.ts";
import { conditionsOf, filtersFrom, keyOf } from "./conditions.ts";

const everyFilter: CustomerFilters = {
  tag_ids: ["t1", "t2"],
  without_tags: false,
  company_ids: ["c1"],
  first_name_letter: "A",
  last_name_letter: "#",
  created_since: "2026-01-01",
  created_before: "2026-02-01",
  updated_before: "2026-03-01",
  has_bookings: true,
  filter: { city: "Bonn" },
  filter_contains: { notes: "tea" },
  filter_from: { size: "20" },
  filter_to: { size: "60", birthday: "2000-01-01" },
  filter_is: { email: "unset" },
};

describe("filter conditions", () => {
  test("express every filter, and turn back into the same filters", () => {
    const conditions = conditionsOf(everyFilter);
    expect(conditions.map(({ on }) => on)).toEqual([
      ...["tags", "untagged", "companies", "letter", "letter", "time", "time", "bookings"],
      ...["field", "field", "field", "field", "field"],
    ]);
    expect(filtersFrom(undefined, conditions)).toEqual(everyFilter);
  });

  test("combine both bounds of a period or a field into one condition", () => {
    expect(conditionsOf({ created_since: "2026-01-01", created_before: "2026-02-01" })).toEqual([
      { on: "time", of: "created", since: "2026-01-01", before: "2026-02-01" },
    ]);
    expect(conditionsOf({ filter_from: { size: "20" }, filter_to: { size: "60" } })).toEqual([
      { on: "field", fieldId: "size", test: { is: "between", from: "20", to: "60" } },
    ]);
  });

  test("leave the search alone", () => {
    expect(conditionsOf({ q: "ada" })).toEqual([]);
    expect(filtersFrom("ada", [])).toEqual({ q: "ada" });
    expect(filtersFrom("", [{ on: "bookings", has: false }])).toEqual({ has_bookings: false });
  });

  test("on different fields add up, and the last one on the same field wins", () => {
    const city = (text: string) => ({ on: "field", fieldId: "city", test: { is: "value", text } }) as const;
    const street = { on: "field", fieldId: "street", test: { is: "value", text: "Am Hafen" } } as const;
    expect(filtersFrom(undefined, [city("Bonn"), street, city("Köln")])).toEqual({
      filter: { city: "Köln", street: "Am Hafen" },
    });
  });

  test("have different keys if they differ", () => {
    const keys = conditionsOf(everyFilter).map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
