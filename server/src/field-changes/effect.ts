import { isDeepStrictEqual } from "node:util";
import type { FieldEffect, FieldRule } from "@clientele/contract/custom-fields";
import type { Static } from "@clientele/contract/formats";
import type { StoredField } from "../custom-fields/change-field.ts";
import type { Field } from "../custom-fields/definitions.ts";
import type { FieldPlan } from "../custom-fields/plan-field.ts";
import { type Conversion, conversionOf } from "../custom-fields/values/convert.ts";
import { fieldKeyOf } from "../custom-fields/values/field-key.ts";
import { readValue, type StoredValue, type ValueInput } from "../custom-fields/values/value.ts";
import { isSameValue } from "../customers/plan.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import {
  countChoices,
  countWith,
  customerCounter,
  customersWithDuplicates,
  customersWithout,
  type Found,
  valuesOf,
} from "./stored-values.ts";

type Effect = Static<typeof FieldEffect>;
type Becomes = Effect["options"][number]["becomes"];

const noCustomers: Found = { count: 0, customerIds: [] };

/** The effect of an update on stored customers. Writes nothing. */
export async function effectOfUpdate(
  database: EnterpriseDatabase,
  before: StoredField,
  after: Field,
  { removedOptions, renamed }: Pick<FieldPlan, "removedOptions" | "renamed">,
): Promise<Effect> {
  const removed = new Set(removedOptions.map(({ value }) => value));
  const choices = await choicesOf(database, before, (value, customers) =>
    removed.has(value) ? (customers > 0 ? "inactive" : "gone") : renamed.has(value) ? "renamed" : "kept",
  );
  const convert = conversionOf(before, after, renamed);
  const values = await classifyValues(database, before, after, convert);
  const withoutValue =
    after.isMandatory && !before.isMandatory ? await customersWithout(database, after.key) : noCustomers;
  const becomesUnique = after.isUnique && (!before.isUnique || after.type !== before.type);
  const duplicates = becomesUnique
    ? await customersWithDuplicates(database, after, convert === null ? undefined : convertedValue(convert))
    : noCustomers;
  const violations: [FieldRule, boolean, Found][] = [
    ["mandatory", true, withoutValue],
    ["type", true, values.unreadable],
    ["unique", true, duplicates],
    ["validation", false, values.unfit],
  ];
  return {
    losing: values.losing,
    rewritten: values.rewritten,
    breaking: violations.flatMap(([rule, isRefused, found]) =>
      found.count === 0 ? [] : [{ rule, isRefused, ...found }],
    ),
    options: choices,
  };
}

/** Deletes the values; nothing can prevent it. */
export const effectOfDeletion = async (
  database: EnterpriseDatabase,
  field: StoredField,
): Promise<Effect> => ({
  losing: await countWith(database, fieldKeyOf(field.number)),
  rewritten: 0,
  breaking: [],
  options: await choicesOf(database, field, () => "gone"),
});

/** Classifies stored values: converted as the change would, then validated like a new write. */
async function classifyValues(
  database: EnterpriseDatabase,
  before: StoredField,
  after: Field,
  convert: Conversion | null,
) {
  const [losing, unreadable, invalid] = [customerCounter(), customerCounter(), customerCounter()];
  let rewritten = 0;
  const isValidatedAnew =
    after.type !== before.type || !isDeepStrictEqual(after.validation, before.validation);
  if (convert !== null || isValidatedAnew) {
    for await (const chunk of valuesOf(database, fieldKeyOf(before.number))) {
      for (const { id, value } of chunk) {
        const read = convert === null ? { value } : convert(value);
        if ("fieldError" in read) unreadable.add(id);
        else if (read.value === null) losing.add(id);
        else {
          if (!isSameValue(read.value, value)) rewritten++;
          const stored = read.value;
          if (isValidatedAnew && "fieldError" in readValue(after, asWritten(stored), stored)) invalid.add(id);
        }
      }
    }
  }
  return { losing: losing.found, unreadable: unreadable.found, unfit: invalid.found, rewritten };
}

/** A value that cannot be converted is reported as such and has no duplicates. */
const convertedValue =
  (convert: Conversion) =>
  (value: StoredValue): StoredValue => {
    const read = value === null ? { value } : convert(value);
    return "fieldError" in read ? null : read.value;
  };

const asWritten = (stored: string | readonly string[]): ValueInput =>
  typeof stored === "string" ? { value: stored } : { values: stored };

async function choicesOf(
  database: EnterpriseDatabase,
  { number, selectOptions }: StoredField,
  becomes: (value: string, customers: number) => Becomes,
): Promise<Effect["options"]> {
  if (selectOptions.length === 0) return [];
  const counts = await countChoices(database, fieldKeyOf(number));
  return selectOptions.map(({ value }) => {
    const customers = counts.get(value) ?? 0;
    return { value, customers, becomes: becomes(value, customers) };
  });
}
