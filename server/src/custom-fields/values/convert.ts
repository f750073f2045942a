import { reason } from "@clientele/contract/field-errors";
import { required } from "../../validation/required.ts";
import type { Field } from "../definitions.ts";
import type { StoredField } from "../store.ts";
import { type ReadValue, readValue, type StoredValue } from "./value.ts";
import { writtenText } from "./written-text.ts";

/** Converts a stored value; returns an unchanged value as it is. */
export type Conversion = (value: Exclude<StoredValue, null>) => ReadValue;

/**
 * The conversion of stored values after a change of type or option values; null when values stay unchanged.
 * Inactive options are allowed and validation is skipped, because it applies to new writes.
 */
export function conversionOf(
  before: StoredField,
  after: Field,
  renamed: ReadonlyMap<string, string>,
): Conversion | null {
  const rename = (text: string) => renamed.get(text) ?? text;
  if (before.type === after.type) {
    if (renamed.size === 0) return null;
    return (value) => ({
      value: typeof value === "string" ? rename(value) : [...new Set(value.map(rename))],
    });
  }
  const lenient: Field = {
    ...after,
    selectOptions: after.selectOptions.map((option) => ({ ...option, isActive: true })),
    validation: {},
    pattern: null,
  };
  return (value) => {
    const texts = (typeof value === "string" ? [value] : value).map((text) =>
      rename(writtenText(before.type, text)),
    );
    if (after.isMultiple) return readValue(lenient, { values: texts }, null);
    if (texts.length > 1) return { fieldError: reason("SEVERAL_VALUES") };
    return readValue(lenient, { value: required(texts[0], "the value") }, null);
  };
}
