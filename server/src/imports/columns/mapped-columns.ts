import type { FieldType } from "@clientele/contract/custom-fields";
import type { FieldError } from "@clientele/contract/errors";
import { type Definitions, definitionsWith } from "../../custom-fields/definitions.ts";
import { newField } from "../../custom-fields/plan-field.ts";
import { fieldKeyOf } from "../../custom-fields/values/field-key.ts";
import { isRowAttribute } from "../../tables/attributes.ts";
import type { Target } from "../../tables/heading-meaning.ts";
import { required } from "../../validation/required.ts";
import type { ImportOptions } from "../job/options.ts";
import type { StoredColumn } from "../job/store.ts";
import { type Column, columnsOf } from "./columns.ts";
import type { Mapping } from "./mapping.ts";

/** The columns of a file as stored with the import. Fields that it creates have their ids already. */
export function findColumns(
  definitions: Definitions,
  headings: readonly string[],
  { mapping, createFields }: Pick<ImportOptions, "mapping" | "createFields">,
  newId: () => string,
): { columns: StoredColumn[]; fieldErrors: FieldError[] } {
  const given = (mapping ?? {}) as Mapping;
  let found = columnsOf(definitions, headings, given);
  const unknown = found.columns.filter(({ target, heading }) => target === null && heading.trim() !== "");
  if (createFields && unknown.length > 0) {
    const newFieldTargets = Object.fromEntries(
      unknown.map(({ position }) => [`#${position}`, { create: {} }]),
    );
    found = columnsOf(definitions, headings, { ...given, ...newFieldTargets });
  }
  return {
    columns: found.columns.map((column) => storedColumnOf(column, newId)),
    fieldErrors: found.fieldErrors,
  };
}

function storedColumnOf({ position, heading, target, foundBy }: Column, newId: () => string): StoredColumn {
  const column = { position, heading, foundBy, samples: [] };
  const known = { ...column, creates: false, ignored: null };
  switch (target?.kind) {
    case "field":
      return { ...known, target: target.field.id, label: target.field.label };
    case "attribute":
      return { ...known, target: target.attribute, label: target.attribute };
    case "create":
      return {
        ...column,
        target: newId(),
        label: target.label,
        creates: true,
        type: target.type,
        ignored: null,
      };
    case "ignored":
      return { ...known, target: null, label: "", ignored: target.because };
    default:
      return { ...known, target: null, label: "" };
  }
}

/** Whether a column is ignored without a decision of the caller. */
export const isUnmapped = ({ target, ignored }: StoredColumn): boolean => target === null && ignored === null;

/**
 * The definitions with the fields that the import will create. In its plan the values of these fields have negative
 * numbers, which identify the same fields after the import has created them.
 */
export function withPlannedFields(definitions: Definitions, columns: readonly StoredColumn[]): Definitions {
  const planned = columns
    .filter(({ creates }) => creates)
    .map(({ target, label, type }, index) => ({
      ...newField(required(target, "target"), type as FieldType),
      number: -1 - index,
      label,
    }));
  const missing = planned.filter(({ id }) => !definitions.byId.has(id));
  const all = definitionsWith(definitions, missing);
  const byPlannedKey = planned.map(
    ({ number, id }) => [fieldKeyOf(number), required(all.byId.get(id), "the planned field")] as const,
  );
  return { ...all, byKey: new Map([...all.byKey, ...byPlannedKey]) };
}

/** The columns by the current definitions; `deletedFields` are those whose field was deleted since. */
export function currentColumns(
  definitions: Definitions,
  columns: readonly StoredColumn[],
): { columns: Column[]; deletedFields: readonly StoredColumn[] } {
  const deletedFields: StoredColumn[] = [];
  const columnsWithMeaning = columns.map((column) => {
    const { position, heading, foundBy, target } = column;
    const meaning = meaningOf(definitions, target);
    if (target !== null && meaning === null) deletedFields.push(column);
    return { position, heading, foundBy, target: meaning };
  });
  return { columns: columnsWithMeaning, deletedFields: deletedFields };
}

function meaningOf({ byId }: Definitions, target: string | null): Target | null {
  if (target === null) return null;
  if (isRowAttribute(target)) return { kind: "attribute", attribute: target };
  const field = byId.get(target);
  return field ? { kind: "field", field } : null;
}
