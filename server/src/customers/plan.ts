import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { MatchKey } from "@clientele/contract/import-rows";
import type { Definitions } from "../custom-fields/definitions.ts";
import { type FieldKey, fieldKeysIn } from "../custom-fields/values/field-key.ts";
import type { StoredValue } from "../custom-fields/values/value.ts";
import {
  type Candidates,
  type CustomerIndex,
  openCustomerIndex,
  type PlannedCustomer,
} from "./customer-index.ts";
import { type ParsedRow, readFieldWrite } from "./read-row.ts";
import type { CustomerState } from "./store.ts";

export type PlanOptions = {
  /** The keys that identify an existing customer, in order of precedence. */
  matchOn: readonly MatchKey[];
  mode: "upsert" | "create" | "update";
};

export type RowOutcome = {
  index: number;
  outcome: "created" | "updated" | "unchanged" | "failed";
  id: string | null;
  matchedBy: MatchKey | null;
  fieldErrors: readonly FieldError[];
  warnings: readonly FieldError[];
  /** The customer before and after the row; null when there is none, and both null when the row failed. */
  before: CustomerState | null;
  after: CustomerState | null;
};

export type { Candidates, PlannedCustomer };

export type Plan = { outcomes: RowOutcome[]; written: PlannedCustomer[] };

/**
 * Applies rows to their customers in order; a row that matches the customer of an earlier row continues from
 * that state. Pure; reports every error of every row.
 */
export function planRows(
  definitions: Definitions,
  rows: readonly ParsedRow[],
  candidates: Candidates,
  options: PlanOptions,
  newId: () => string,
): Plan {
  const index = openCustomerIndex(definitions, candidates);
  const outcomes = rows.map((row) => planRow(definitions, index, row, options, newId));
  const written = [...index.customers.values()].filter(
    ({ before, after }) => before === null || (before !== after && !isSame(before, after)),
  );
  return { outcomes, written };
}

function planRow(
  definitions: Definitions,
  index: CustomerIndex,
  row: ParsedRow,
  { matchOn, mode }: PlanOptions,
  newId: () => string,
): RowOutcome {
  const { matchedBy, matched } = index.match(row, matchOn);
  const fieldErrors = [...row.fieldErrors, ...matchErrors(row, matched, matchedBy, mode)];
  const warnings = [...row.warnings];
  if (matched !== undefined && matched.index >= 0) {
    warnings.push(bodyError("", "ROW_REPEATED", reason("ROW_REPEATED", { row: matched.index })));
  }

  const current = matched?.after ?? emptyCustomer;
  const after = stateAfter(definitions, row, current, matched === undefined, fieldErrors);
  refuseTakenKeys(index, row, current, after, fieldErrors);

  const outcome = { index: row.index, matchedBy, warnings, fieldErrors };
  if (fieldErrors.length > 0)
    return { ...outcome, outcome: "failed", id: matched?.after.id ?? null, before: null, after: null };
  if (matched !== undefined && isSame(current, after))
    return { ...outcome, outcome: "unchanged", id: current.id, before: current, after: current };

  if (matched === undefined) {
    after.id = row.recreates?.id ?? newId();
    after.version = row.recreates?.version ?? after.version;
  }
  index.replace(current, {
    before: matched?.before ?? null,
    after,
    index: matched && matched.index >= 0 ? matched.index : row.index,
  });
  return {
    ...outcome,
    outcome: matched === undefined ? "created" : "updated",
    id: after.id,
    before: matched === undefined ? null : current,
    after,
  };
}

/** The errors of a row that matches no customer, or one that it must not match. */
function matchErrors(
  row: ParsedRow,
  matched: PlannedCustomer | undefined,
  matchedBy: MatchKey | null,
  mode: PlanOptions["mode"],
): FieldError[] {
  const fieldErrors: FieldError[] = [];
  if (row.id !== null && row.id !== matched?.after.id) {
    fieldErrors.push(bodyError("id", "CUSTOMER_UNKNOWN", noSuchCustomer(matchedBy)));
  } else if (matched === undefined && mode === "update") {
    fieldErrors.push(bodyError("", "CUSTOMER_UNKNOWN", noSuchCustomer(null)));
  }
  if (matched !== undefined && mode === "create") {
    const code = matchedBy === "import_customer_id" ? "IMPORT_ID_TAKEN" : "EXTERNAL_ID_TAKEN";
    fieldErrors.push(
      bodyError(matchedBy ?? "", code, reason("TAKEN_BY_CUSTOMER", { customer: matched.after.id })),
    );
  }
  return fieldErrors;
}

function stateAfter(
  definitions: Definitions,
  row: ParsedRow,
  current: CustomerState,
  isNew: boolean,
  fieldErrors: FieldError[],
): CustomerState {
  const after = { ...current, values: valuesAfter(definitions, row, current, isNew, fieldErrors) };
  if (row.externalId !== undefined) after.externalId = row.externalId;
  if (row.importCustomerId !== undefined) after.importCustomerId = row.importCustomerId;
  if (row.tagIds !== undefined) after.tagIds = row.tagIds;
  if (row.tagChange) after.tagIds = tagsAfter(definitions, current.tagIds, row.tagChange);
  if (row.bookerId !== undefined) after.bookerId = row.bookerId;
  return after;
}

/** Adds an error for each key of the row that another customer has. */
function refuseTakenKeys(
  index: CustomerIndex,
  row: ParsedRow,
  { id }: CustomerState,
  after: CustomerState,
  fieldErrors: FieldError[],
): void {
  const ids = [
    { path: "external_id", code: "EXTERNAL_ID_TAKEN", key: after.externalId, holders: index.byExternalId },
    {
      path: "import_customer_id",
      code: "IMPORT_ID_TAKEN",
      key: after.importCustomerId,
      holders: index.byImportId,
    },
  ] as const;
  for (const { path, code, key, holders } of ids) {
    const holder = key === null ? undefined : holders.get(key);
    if (holder === undefined || holder === id || fieldErrors.some((fieldError) => fieldError.path === path))
      continue;
    fieldErrors.push(bodyError(path, code, reason("TAKEN_BY_CUSTOMER", { customer: holder })));
  }
  for (const { field, path } of row.fields) {
    const holder = index.holderOf(field, after.values[field.key]);
    if (holder === undefined || holder === id) continue;
    const taken = reason("UNIQUE_VALUE_TAKEN", { customer: holder, label: field.label });
    fieldErrors.push(bodyError(path, "FIELD_VALUE_TAKEN", taken));
  }
}

/** Tag ids in stored order. A tag deleted in the meantime is not added. */
function tagsAfter(
  { tagNames }: Definitions,
  current: readonly string[],
  { added, removed }: NonNullable<ParsedRow["tagChange"]>,
): readonly string[] {
  const newIds = added.filter((id) => tagNames.has(id) && !current.includes(id));
  const remaining = current.filter((id) => !removed.includes(id));
  if (newIds.length === 0 && remaining.length === current.length) return current;
  return [...new Set([...remaining, ...newIds])].sort();
}

const noSuchCustomer = (matchedBy: MatchKey | null): Reason =>
  matchedBy === null ? reason("CUSTOMER_UNKNOWN") : reason("CUSTOMER_MISMATCH", { key: matchedBy });

const emptyCustomer: CustomerState = {
  id: "",
  externalId: null,
  importCustomerId: null,
  values: {},
  tagIds: [],
  bookerId: null,
  totalBookings: 0,
  version: 0,
};

function valuesAfter(
  definitions: Definitions,
  row: ParsedRow,
  current: CustomerState,
  isNew: boolean,
  fieldErrors: FieldError[],
): CustomerState["values"] {
  const values: Record<FieldKey, Exclude<StoredValue, null>> = { ...current.values };
  for (const write of row.fields) {
    const { field, path } = write;
    const read = readFieldWrite(write, current.values[field.key] ?? null);
    if ("fieldError" in read) {
      fieldErrors.push(bodyError(path, "FIELD_VALUE_INVALID", read.fieldError));
    } else if (read.value === null) {
      delete values[field.key];
      // A mandatory field that was empty and stays empty is not an error in an update.
      if (!isNew && isMandatory(row, field))
        fieldErrors.push(bodyError(path, "FIELD_MANDATORY", reason("MANDATORY", { label: field.label })));
    } else {
      values[field.key] = read.value;
    }
  }
  if (isNew) {
    const invalid = new Set(fieldErrors.map(({ path }) => path));
    for (const field of definitions.fields) {
      if (!isMandatory(row, field) || values[field.key] !== undefined) continue;
      const path = row.fields.find((write) => write.field === field)?.path ?? "customfields";
      if (!invalid.has(path) || path === "customfields") {
        fieldErrors.push(bodyError(path, "FIELD_MANDATORY", reason("MANDATORY", { label: field.label })));
      }
    }
  }
  return values;
}

const isMandatory = (row: ParsedRow, field: { isMandatory: boolean; isActive: boolean }): boolean =>
  field.isMandatory && field.isActive && !row.ignoreMandatory;

function isSame(one: CustomerState, other: CustomerState): boolean {
  if (
    one.externalId !== other.externalId ||
    one.importCustomerId !== other.importCustomerId ||
    one.bookerId !== other.bookerId ||
    !isSameValue(one.tagIds, other.tagIds)
  ) {
    return false;
  }
  const keys = fieldKeysIn(one.values);
  return (
    keys.length === fieldKeysIn(other.values).length &&
    keys.every((key) => isSameValue(one.values[key], other.values[key]))
  );
}

export function isSameValue(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
