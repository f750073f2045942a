import { type Definitions, type Field, fieldIdOf } from "../../custom-fields/definitions.ts";
import { conversionOf } from "../../custom-fields/values/convert.ts";
import type { FieldKey } from "../../custom-fields/values/field-key.ts";
import type { StoredValue } from "../../custom-fields/values/value.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { textsAt } from "../../journal/changes.ts";
import type { Values } from "../values.ts";

/** The value that a restore writes to a field; null clears it. */
export type RestoredFieldWrite = { field: Field; stored: StoredValue; path: string };

/**
 * Returns a function from past values to a write for every field. It converts values to each field's current
 * type and options. `number` is that of the change that made the values; null for
 * current ones.
 */
export async function openValueRestorer(
  database: EnterpriseDatabase,
  definitions: Definitions,
  keys: readonly FieldKey[],
  number: number | null,
): Promise<(values: Values) => RestoredFieldWrite[]> {
  const fieldIds = number === null ? [] : keys.map((key) => fieldIdOf(definitions, key));
  const types = await textsAt(database, "type", fieldIds, number ?? 0);
  const options = await textsAt(database, "selectOptions", fieldIds, number ?? 0);
  return (values) =>
    definitions.fields.map((field) => {
      const value = values[field.key];
      const past = { type: types.get(field.id), options: options.get(field.id) };
      const stored = value === undefined ? null : currentValue(field, past, value);
      return { field, stored, path: `fields.${field.id}` };
    });
}

/**
 * The past value converted to the field's current type, without options that no longer exist; null when
 * nothing is left.
 */
function currentValue(
  field: Field,
  then: { type: string | undefined; options: string | undefined },
  value: Exclude<StoredValue, null>,
): StoredValue {
  const type = (then.type ?? field.type) as Field["type"];
  const read = conversionOf({ ...field, type }, field, renamedOptions(field, then.options))?.(value) ?? {
    value,
  };
  if ("fieldError" in read || read.value === null) return null;
  if (field.type !== "SELECT" && field.type !== "MULTI_SELECT") return read.value;
  const options = new Set(field.selectOptions.map((option) => option.value));
  if (typeof read.value === "string") return options.has(read.value) ? read.value : null;
  const chosen = read.value.filter((choice) => options.has(choice));
  return chosen.length === 0 ? null : chosen;
}

/** Past option value to current one, for options renamed since the journal entry. */
function renamedOptions(field: Field, optionsJson = "[]"): Map<string, string> {
  const now = new Map(field.selectOptions.map(({ id, value }) => [id, value]));
  const then = JSON.parse(optionsJson) as Field["selectOptions"];
  return new Map(
    then.flatMap(({ id, value }) => {
      const currentName = now.get(id) ?? value;
      return currentName === value ? [] : [[value, currentName] as const];
    }),
  );
}
