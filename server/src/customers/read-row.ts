import { bodyError, type FieldError } from "@clientele/contract/errors";
import { isOn } from "@clientele/contract/formats";
import { type Definitions, type Field, fieldNamed } from "../custom-fields/definitions.ts";
import {
  type ReadValue,
  readValue,
  type StoredValue,
  type WrittenValue,
} from "../custom-fields/values/value.ts";
import { readExternalId } from "../ids/external-id.ts";
import { normalized } from "../text/normalize.ts";

/** One value that a row writes, and where in the row it stands. */
export type FieldWrite = { field: Field; path: string } & (
  | { written: WrittenValue }
  /** It was stored before and comes back: what the field asks of new values is not asked of it. */
  | { stored: StoredValue }
);

/** What the field gets to store, where it has `now`. */
export const readWrite = (write: FieldWrite, now: StoredValue): ReadValue =>
  "stored" in write ? { value: write.stored } : readValue(write.field, write.written, now);

/** What a row says of a customer: undefined stays as it is, null is removed. */
export type Row = {
  index: number;
  id: string | null;
  externalId: string | null | undefined;
  importCustomerId: string | null | undefined;
  fields: readonly FieldWrite[];
  tagIds: readonly string[] | undefined;
  /** Tags that the customer gets or loses, whatever others it has. */
  tagChange?: { added: readonly string[]; removed: readonly string[] };
  /** A deleted customer that the row makes anew: what it is known by, the version it had, and when it was made. */
  comesBack?: { id: string; version: number; createdAt: Date };
  bookerId: string | null | undefined;
  ignoreMandatory: boolean;
  fieldErrors: readonly FieldError[];
  warnings: readonly FieldError[];
};

/** A row that says nothing. */
export const blankRow: Row = {
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

/** A create, an update or a row of an import, as the contract has it. An entry that could not be read is undefined. */
export type WrittenRow = {
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

/** Finds the fields and tags that a row names. Errors carry paths within the row. */
export function readRow(definitions: Definitions, index: number, row: WrittenRow, options: ReadOptions): Row {
  const fieldErrors: FieldError[] = [];
  const warnings: FieldError[] = [];
  const fields: FieldWrite[] = [];
  const seen = new Set<string>();
  const add = (field: Field | undefined, name: string, at: string, path: string, written: WrittenValue) => {
    if (!field) {
      const found = options.unknownFields === "warn" ? warnings : fieldErrors;
      found.push(bodyError(at, "FIELD_UNKNOWN", `there is no custom field ${JSON.stringify(name)}`));
    } else if (seen.has(field.id)) {
      fieldErrors.push(bodyError(at, "REQUEST_INVALID", "names a field that this row has named before"));
    } else {
      seen.add(field.id);
      fields.push({ field, written, path });
    }
  };

  for (const [position, entry] of (row.customfields ?? []).entries()) {
    if (entry === undefined) continue;
    const { id, value, values } = entry;
    const path = `customfields.${position}`;
    add(fieldNamed(definitions, id), id, `${path}.id`, `${path}.${values ? "values" : "value"}`, {
      value,
      values,
    });
  }
  for (const [name, value] of Object.entries(row.values ?? {})) {
    const field = fieldNamed(definitions, name) ?? definitions.byLabel.get(name);
    const written = typeof value === "string" || value === null ? { value } : { values: value };
    add(field, name, `values.${name}`, `values.${name}`, written);
  }

  const tagIds =
    row.tag_ids === undefined
      ? undefined
      : [...new Set((row.tag_ids ?? []).filter((id) => id !== undefined))].sort();
  for (const [position, id] of (row.tag_ids ?? []).entries()) {
    if (id !== undefined && !definitions.tagNames.has(id))
      fieldErrors.push(bodyError(`tag_ids.${position}`, "TAG_UNKNOWN", "there is no such tag"));
  }
  return {
    index,
    id: row.id ?? null,
    externalId: readExternalId(row.external_id, fieldErrors),
    importCustomerId: readName(row.import_customer_id),
    fields,
    tagIds,
    bookerId: readName(row.booker_id),
    ignoreMandatory: isOn(row.ignore_mandatory_validation),
    fieldErrors,
    warnings,
  };
}

const readName = (name: string | null | undefined): string | null | undefined =>
  name === undefined ? undefined : normalized(name ?? "") || null;
