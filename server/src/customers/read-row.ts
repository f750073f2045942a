import { bodyError, type FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { isOn, type Static } from "@clientele/contract/formats";
import type { ImportRow } from "@clientele/contract/import-rows";
import { type Definitions, type Field, findField } from "../custom-fields/definitions.ts";
import {
  type ReadValue,
  readValue,
  type StoredValue,
  type ValueInput,
} from "../custom-fields/values/value.ts";
import { readExternalId } from "../ids/external-id.ts";
import { normalized } from "../text/normalize.ts";

/** One field value of a row, with its path in the row. */
export type FieldWrite = { field: Field; path: string } & (
  | { written: ValueInput }
  /** A previously stored value that is restored: validation of new values does not apply. */
  | { stored: StoredValue }
);

/** The value to store, given the `current` one. */
export const readFieldWrite = (write: FieldWrite, current: StoredValue): ReadValue =>
  "stored" in write ? { value: write.stored } : readValue(write.field, write.written, current);

/** A parsed row: undefined leaves an attribute unchanged, null removes it. */
export type ParsedRow = {
  index: number;
  id: string | null;
  externalId: string | null | undefined;
  importCustomerId: string | null | undefined;
  fields: readonly FieldWrite[];
  tagIds: readonly string[] | undefined;
  /** Adds and removes tags and leaves all others. */
  tagChange?: { added: readonly string[]; removed: readonly string[] };
  /** Recreates a deleted customer with its id, version and creation time. */
  recreates?: { id: string; version: number };
  bookerId: string | null | undefined;
  ignoreMandatory: boolean;
  fieldErrors: readonly FieldError[];
  warnings: readonly FieldError[];
};

export const emptyRow: ParsedRow = {
  index: 0,
  id: null,
  externalId: undefined,
  importCustomerId: undefined,
  fields: [],
  tagIds: undefined,
  bookerId: undefined,
  ignoreMandatory: false,
  fieldErrors: [],
  warnings: [],
};

/** The body of a create or an update, or a row of an import. An entry that could not be read is undefined. */
export type RowInput = { [Name in keyof Static<typeof ImportRow>]?: Attributes[Name] };
type Attributes = {
  id?: string | null;
  external_id?: string | null;
  import_customer_id?: string | null;
  customfields?: readonly (
    | { id: string; value?: string | null; values?: readonly string[] | null }
    | undefined
  )[];
  values?: Readonly<Record<string, string | null | readonly string[]>> | null;
  tag_ids?: readonly (string | undefined)[] | null;
  booker_id?: string | null;
  ignore_mandatory_validation?: unknown;
};

export type ReadOptions = { unknownFields: "error" | "warn" };

/** Resolves the fields and tags of a row. Error paths are relative to the row. */
export function readRow(
  definitions: Definitions,
  index: number,
  row: RowInput,
  options: ReadOptions,
): ParsedRow {
  const fieldErrors: FieldError[] = [];
  const warnings: FieldError[] = [];
  const fields: FieldWrite[] = [];
  const seen = new Set<string>();
  const add = (field: Field | undefined, name: string, at: string, path: string, written: ValueInput) => {
    if (!field) {
      const found = options.unknownFields === "warn" ? warnings : fieldErrors;
      found.push(bodyError(at, "FIELD_UNKNOWN", reason("FIELD_NAME_UNKNOWN", { name })));
    } else if (seen.has(field.id)) {
      fieldErrors.push(bodyError(at, "REQUEST_INVALID", reason("FIELD_REPEATED")));
    } else {
      seen.add(field.id);
      fields.push({ field, written, path });
    }
  };

  for (const [position, entry] of (row.customfields ?? []).entries()) {
    if (entry === undefined) continue;
    const { id, value, values } = entry;
    const path = `customfields.${position}`;
    add(findField(definitions, id), id, `${path}.id`, `${path}.${values ? "values" : "value"}`, {
      value,
      values,
    });
  }
  for (const [name, value] of Object.entries(row.values ?? {})) {
    const field = findField(definitions, name) ?? definitions.byLabel.get(name);
    const written = typeof value === "string" || value === null ? { value } : { values: value };
    add(field, name, `values.${name}`, `values.${name}`, written);
  }

  const tagIds =
    row.tag_ids === undefined
      ? undefined
      : [...new Set((row.tag_ids ?? []).filter((id) => id !== undefined))].sort();
  for (const [position, id] of (row.tag_ids ?? []).entries()) {
    if (id !== undefined && !definitions.tagNames.has(id))
      fieldErrors.push(bodyError(`tag_ids.${position}`, "TAG_UNKNOWN", reason("TAG_UNKNOWN")));
  }
  return {
    index,
    id: row.id ?? null,
    externalId: readExternalId(row.external_id, fieldErrors),
    importCustomerId: readText(row.import_customer_id),
    fields,
    tagIds,
    bookerId: readText(row.booker_id),
    ignoreMandatory: isOn(row.ignore_mandatory_validation),
    fieldErrors,
    warnings,
  };
}

const readText = (name: string | null | undefined): string | null | undefined =>
  name === undefined ? undefined : normalized(name ?? "") || null;
