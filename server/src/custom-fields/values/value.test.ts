import type { FieldType } from "@clientele/contract/custom-fields";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import type { Field } from "../definitions.ts";
import { newField } from "../plan-field.ts";
import { fieldKeyOf } from "./field-key.ts";
import { readValue, type StoredValue } from "./value.ts";

function field(
  type: FieldType,
  { options = [] as string[], validation = {} as Field["validation"] } = {},
): Field {
  return {
    ...newField("0123456789abcdef01234567", type),
    number: 1,
    key: fieldKeyOf(1),
    selectOptions: options.map((value, orderIndex) => ({
      id: `${orderIndex}`.padStart(24, "0"),
      value,
      label: value,
      orderIndex,
      isActive: !value.startsWith("old"),
    })),
    validation,
    pattern: validation.pattern === undefined ? null : RE2JS.compile(validation.pattern),
    isMultiple: type === "MULTI_SELECT",
    position: 0,
    version: 1,
    createdAt: new Date(0),
    updatedAt: new Date(0),
  };
}

const read = (type: FieldType, value: string | null) => readValue(field(type), { value }, null);

describe("reading a value", () => {
  test("normalizes to NFC and strips outer white space and zero-width characters, nothing else", () => {
    expect(read("TEXT", " \u200BA\u0308nne  Lee\uFEFF\n")).toEqual({ value: "Änne  Lee" });
  });

  test("is cleared by empty text and null", () => {
    for (const type of ["TEXT", "PHONE", "DATE", "SELECT", "MULTI_SELECT", "NUMBER"] as const) {
      expect(read(type, "")).toEqual({ value: null });
      expect(read(type, " \u200B ")).toEqual({ value: null });
      expect(read(type, null)).toEqual({ value: null });
    }
  });

  const phone = '{"country":"DE","number":"123456789","phone":"+49123456789","prefix":"+49"}';
  const cases: [FieldType, string, string | null][] = [
    ["PHONE", '{"number":"123456789","country":"DE"}', phone],
    ["PHONE", '{"number":"0123 456789","country":"de"}', phone],
    ["PHONE", "+49123456789", phone],
    ["PHONE", "+49 (0)123 456789", phone],
    ["PHONE", phone, phone],
    ["PHONE", "0123456789", null],
    ["PHONE", "+4912", null],
    ["PHONE", "+49123456789 or +49123456780", null],
    ["PHONE", "+49123456789 ext. 12", null],
    ["PHONE", '{"number":"123456789"}', null],
    ["PHONE", '{"number":"123456789","country":"XX"}', null],
    ["PHONE", '{"number":"123456789","country":"DE","extra":1}', null],
    ["PHONE", '{"number":', null],
    ["EMAIL", "Änne@Example.com", "Änne@Example.com"],
    ["EMAIL", "anne@localhost", null],
    ["EMAIL", "Anne <anne@example.com>", null],
    ["EMAIL", "<anne@example.com>", null],
    ["EMAIL", "a@example.com,b@example.com", null],
    ["DATE", "2024-02-29", "2024-02-29"],
    ["DATE", "2023-02-29", null],
    ["DATE", "0000-01-01", null],
    ["DATE", "29.02.2024", null],
    ["NUMBER", "-3.50", "-3.50"],
    ["NUMBER", "3,5", null],
    ["NUMBER", "1e3", null],
    ["CHECKBOX", "1", "true"],
    ["CHECKBOX", "false", "false"],
    ["CHECKBOX", "yes", null],
    ["URL", "https://example.com/ä", "https://example.com/ä"],
    ["URL", "javascript:alert(1)", null],
    ["TEXT", "x".repeat(10_000), "x".repeat(10_000)],
    ["TEXT", "x".repeat(10_001), null],
    ["TEXTAREA", "x".repeat(100_000), "x".repeat(100_000)],
    ["TEXTAREA", "x".repeat(100_001), null],
  ];
  test.each(cases)("for %s %s", (type, written, stored) => {
    expect(read(type, written)).toEqual(
      stored === null
        ? { fieldError: expect.objectContaining({ message: expect.any(String) }) }
        : { value: stored },
    );
  });

  test("accepts active options and the option that the customer already has", () => {
    const one = (value: string, had: StoredValue) =>
      readValue(field("SELECT", { options: ["a", "old"] }), { value }, had);
    expect(one("a", null)).toEqual({ value: "a" });
    expect(one("old", "old")).toEqual({ value: "old" });
    expect(one("old", null)).toMatchObject({
      fieldError: { message: '"old" is not an option; the options are: a' },
    });

    const several = (written: object, had: StoredValue) =>
      readValue(field("MULTI_SELECT", { options: ["a", "b", "old"] }), written, had);
    expect(several({ values: ["b", "a", "b"] }, null)).toEqual({ value: ["b", "a"] });
    expect(several({ value: '["a"]' }, null)).toEqual({ value: ["a"] });
    expect(several({ values: ["a", "old"] }, ["old"])).toEqual({ value: ["a", "old"] });
    expect(several({ values: ["old"] }, ["a"])).toHaveProperty("fieldError");
    expect(several({ value: "a" }, null)).toHaveProperty("fieldError");
    expect(several({ values: [] }, ["a"])).toEqual({ value: null });
  });

  test("applies the field's validation: lengths in characters, bounds, a pattern for the whole value", () => {
    const fits = (type: FieldType, validation: Field["validation"], value: string) =>
      "value" in readValue(field(type, { validation }), { value }, null);
    expect(fits("TEXT", { maxLength: 2 }, "🙂🙂")).toBe(true);
    expect(fits("TEXT", { maxLength: 2 }, "abc")).toBe(false);
    expect(fits("TEXT", { minLength: 2 }, "🙂")).toBe(false);
    expect(fits("NUMBER", { min: 2, max: 3 }, "2.5")).toBe(true);
    expect(fits("NUMBER", { min: 2, max: 3 }, "3.1")).toBe(false);
    expect(fits("TEXT", { pattern: "a+" }, "aaa")).toBe(true);
    expect(fits("TEXT", { pattern: "a+" }, "aab")).toBe(false);
  });
});
