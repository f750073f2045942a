import type { ErrorCode } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { type Definitions, type Field, findField } from "../../custom-fields/definitions.ts";
import { fieldTypeRules } from "../../custom-fields/field-types.ts";
import { readValue, type StoredValue } from "../../custom-fields/values/value.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { fold } from "../../text/fold.ts";
import { normalized } from "../../text/normalize.ts";
import { partPattern } from "./contains-pattern.ts";

/** Where a filter is read: errors are reported for the filter, or for one of its fields. */
export type FilterReading = {
  definitions: Definitions;
  report: (code: ErrorCode, why: Reason, fieldName?: string) => void;
};

type FilteredField = Pick<Field, "key" | "type">;
export type FieldEntry<Value> = { field: FilteredField; value: Value };
export type Invalid = { fieldError: Reason };

/** Reads a filter that has one entry per field. Null without a valid entry. */
export const byField =
  <Written, Value>(readEntry: (field: Field, written: Written) => { value: Value } | Invalid) =>
  (
    written: Readonly<Record<string, Written>>,
    { definitions, report }: FilterReading,
  ): readonly FieldEntry<Value>[] | null => {
    const entries: FieldEntry<Value>[] = [];
    for (const [name, entry] of Object.entries(written)) {
      const field = findField(definitions, name);
      const read = field && readEntry(field, entry);
      if (!read) report("FIELD_UNKNOWN", reason("NOT_A_FIELD", { fields: fieldNamesOf(definitions) }), name);
      else if ("fieldError" in read) report("FIELD_VALUE_INVALID", read.fieldError, name);
      else entries.push({ field: { key: field.key, type: field.type }, value: read.value });
    }
    return entries.length === 0 ? null : entries;
  };

export const fieldNamesOf = ({ fields }: Definitions): string[] =>
  fields.map((field) => field.defaultId || field.id);

/** Conditions of `customers c` that no index has: PostgreSQL checks each customer. */
export const conditionsByField =
  <Value>(conditionOf: (stored: Sql, entry: FieldEntry<Value>) => Sql) =>
  (entries: readonly FieldEntry<Value>[]): { is: Sql }[] =>
    entries.map((entry) => ({ is: conditionOf(sql`c.values ->> ${entry.field.key}`, entry) }));

/**
 * The value that a customer must have, as the field stores it. Neither the field's validation nor the list of
 * offered options applies: customers may have such a value from before.
 */
export function readExactValue(field: Field, text: string): { value: NonNullable<StoredValue> } | Invalid {
  const read = field.isMultiple ? readChoices(field, text) : readUnvalidated(field, text);
  if ("fieldError" in read) return read;
  return read.value === null ? mustNotBeEmpty : { value: read.value };
}

const mustNotBeEmpty: Invalid = { fieldError: reason("EMPTY") };

const withoutValidation = (field: Field): Field => ({ ...field, validation: {}, pattern: null });
const readUnvalidated = (field: Field, text: string) =>
  readValue(withoutValidation(field), { value: text }, normalized(text));

function readChoices(field: Field, text: string): ReturnType<typeof readValue> {
  if (normalized(text) === "") return { value: null };
  const choices = choicesIn(text);
  return readValue(withoutValidation(field), { values: choices }, choices.map(normalized));
}

/** The choices that a customer must have: one, or several as a JSON array. */
function choicesIn(text: string): string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed) && parsed.every((choice) => typeof choice === "string")) return parsed;
  } catch {
    // Not JSON: the text is the choice.
  }
  return [text];
}

/** A bound of a DATE or NUMBER, as the field stores it. */
export function readBound(field: Field, text: string): { value: string } | Invalid {
  if (fieldTypeRules[field.type].order === null) return { fieldError: reason("NO_BOUND") };
  const read = readUnvalidated(field, text);
  if ("fieldError" in read) return read;
  return typeof read.value === "string" ? { value: read.value } : mustNotBeEmpty;
}

/** `comparison` is `>=` or `<=`. */
export const boundedBy =
  (comparison: Sql) =>
  (stored: Sql, { field, value }: FieldEntry<string>): Sql =>
    fieldTypeRules[field.type].order === "day"
      ? sql`(${stored}) collate "C" ${comparison} ${value}`
      : // Values stored before the field became a NUMBER need not be numbers.
        sql`case when ${stored} ~ '^-?[0-9]+([.][0-9]+)?$' then (${stored})::numeric ${comparison} ${value}::numeric
    else false end`;

export function readPart({ type }: Field, text: string): { value: string } | Invalid {
  const part =
    fieldTypeRules[type].stored === "phone" ? text.replace(/[\s()/.-]/g, "") : fold(normalized(text));
  return part === "" ? mustNotBeEmpty : { value: part };
}

export const contains = (stored: Sql, { field, value }: FieldEntry<string>): Sql =>
  // People know a phone by its international form only.
  fieldTypeRules[field.type].stored === "phone"
    ? sql`position(${value} in split_part(${stored}, '"', 12)) > 0`
    : sql`${stored} ~ ${partPattern(value)}`;
