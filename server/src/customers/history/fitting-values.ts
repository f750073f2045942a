import type { Definitions, Field } from "../../custom-fields/definitions.ts";
import { conversionOf } from "../../custom-fields/values/convert.ts";
import type { StoredValue } from "../../custom-fields/values/value.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { textsAt } from "../../journal/changes.ts";
import type { Values } from "../derived/derive.ts";

/** What a field gets of the values that come back: null where there is nothing for it. */
export type StandingWrite = { field: Field; stored: StoredValue; path: string };

/**
 * Says what every field is to have when values of some fields come back that were there when a change had been made;
 * of a null change they are those of now.
 */
export async function openStanding(
  database: EnterpriseDatabase,
  definitions: Definitions,
  fieldIds: readonly string[],
  changeId: number | null,
): Promise<(values: Values) => StandingWrite[]> {
  const then = changeId === null ? [] : fieldIds;
  const types = await textsAt(database, "type", then, changeId ?? 0);
  const options = await textsAt(database, "selectOptions", then, changeId ?? 0);
  return (values) =>
    definitions.fields.map((field) => {
      const value = values[field.id];
      const had = { type: types.get(field.id), options: options.get(field.id) };
      const stored = value === undefined ? null : standing(field, had, value);
      return { field, stored, path: `fields.${field.id}` };
    });
}

/** A value as its field can have it now: of the type that it has got since, and of options that there are. */
function standing(
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

/** What the options of then, as the journal has them, are called now. */
function renamedOptions(field: Field, written = "[]"): Map<string, string> {
  const now = new Map(field.selectOptions.map(({ id, value }) => [id, value]));
  const then = JSON.parse(written) as Field["selectOptions"];
  return new Map(
    then.flatMap(({ id, value }) => {
      const called = now.get(id) ?? value;
      return called === value ? [] : [[value, called] as const];
    }),
  );
}
