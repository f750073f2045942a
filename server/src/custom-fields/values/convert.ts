import { reason } from "@clientele/contract/field-errors";
import type { Field } from "../definitions.ts";
import type { StoredField } from "../store.ts";
import { type ReadValue, readValue, type StoredValue } from "./value.ts";

/** What a stored value becomes. One that stays as it is is answered as it was. */
export type Conversion = (value: Exclude<StoredValue, null>) => ReadValue;

/**
 * How the stored values of a field follow a change of its type or of its options' values; null when they do not.
 * Every option counts, also one that can no longer be chosen, and validation does not: it is for new writes.
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
      rename(displayText(before, text)),
    );
    if (after.isMultiple) return readValue(lenient, { values: texts }, null);
    if (texts.length > 1) return { fieldError: reason("SEVERAL_VALUES") };
    return readValue(lenient, { value: texts[0]! }, null);
  };
}

/** A stored text as a person writes it: a phone is its E.164. */
const displayText = ({ type }: StoredField, text: string): string =>
  type === "PHONE" ? (JSON.parse(text) as { phone: string }).phone : text;
