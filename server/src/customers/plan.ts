import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { MatchKey } from "@clientele/contract/import-rows";
import type { Definitions } from "../custom-fields/definitions.ts";
import { uniqueKey } from "../custom-fields/values/unique-key.ts";
import type { StoredValue } from "../custom-fields/values/value.ts";
import { type ParsedRow, readFieldWrite } from "./read-row.ts";
import type { CustomerState, TakenValue } from "./store.ts";

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

/**
 * A customer after all rows; `before` is null for a new one. A recreated customer keeps its original
 * `createdAt`.
 */
export type PlannedCustomer = {
  before: CustomerState | null;
  after: CustomerState;
  index: number;
  createdAt?: Date;
};

export type Plan = { outcomes: RowOutcome[]; written: PlannedCustomer[] };

export type Candidates = { customers: readonly CustomerState[]; taken: readonly TakenValue[] };

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
  const customers = new Map<string, PlannedCustomer>();
  const byExternalId = new Map<string, string>();
  const byImportId = new Map<string, string>();
  const holders = new Map<string, string>();
  for (const { fieldId, key, customerId } of candidates.taken) holders.set(`${fieldId} ${key}`, customerId);
  const put = (planned: PlannedCustomer) => {
    const { id, externalId, importCustomerId } = planned.after;
    customers.set(id, planned);
    if (externalId !== null) byExternalId.set(externalId, id);
    if (importCustomerId !== null) byImportId.set(importCustomerId, id);
  };
  for (const state of candidates.customers) put({ before: state, after: state, index: -1 });

  const idsBy: Record<MatchKey, (row: ParsedRow) => string | undefined> = {
    id: (row) => (row.id !== null && customers.has(row.id) ? row.id : undefined),
    external_id: (row) => (row.externalId ? byExternalId.get(row.externalId) : undefined),
    import_customer_id: (row) => (row.importCustomerId ? byImportId.get(row.importCustomerId) : undefined),
  };

  const planRow = (row: ParsedRow): RowOutcome => {
    const fieldErrors = [...row.fieldErrors];
    const warnings = [...row.warnings];
    const matchedBy = options.matchOn.find((key) => idsBy[key](row) !== undefined) ?? null;
    const matched = matchedBy === null ? undefined : customers.get(idsBy[matchedBy](row)!);
    if (row.id !== null && row.id !== matched?.after.id) {
      fieldErrors.push(bodyError("id", "CUSTOMER_UNKNOWN", noSuchCustomer(matchedBy)));
    } else if (matched === undefined && options.mode === "update") {
      fieldErrors.push(bodyError("", "CUSTOMER_UNKNOWN", noSuchCustomer(null)));
    }
    if (matched !== undefined && options.mode === "create") {
      const code = matchedBy === "import_customer_id" ? "IMPORT_ID_TAKEN" : "EXTERNAL_ID_TAKEN";
      fieldErrors.push(
        bodyError(matchedBy ?? "", code, reason("TAKEN_BY_CUSTOMER", { customer: matched.after.id })),
      );
    }
    if (matched !== undefined && matched.index >= 0) {
      warnings.push(bodyError("", "ROW_REPEATED", reason("ROW_REPEATED", { row: matched.index })));
    }

    const current = matched?.after ?? emptyCustomer;
    const after = {
      ...current,
      values: valuesAfter(definitions, row, current, matched === undefined, fieldErrors),
    };
    if (row.externalId !== undefined) after.externalId = row.externalId;
    if (row.importCustomerId !== undefined) after.importCustomerId = row.importCustomerId;
    if (row.tagIds !== undefined) after.tagIds = row.tagIds;
    if (row.tagChange) after.tagIds = tagsAfter(definitions, current.tagIds, row.tagChange);
    if (row.bookerId !== undefined) after.bookerId = row.bookerId;

    refuseTaken(after.externalId, byExternalId, current.id, "external_id", "EXTERNAL_ID_TAKEN", fieldErrors);
    refuseTaken(
      after.importCustomerId,
      byImportId,
      current.id,
      "import_customer_id",
      "IMPORT_ID_TAKEN",
      fieldErrors,
    );
    for (const { field, path } of row.fields) {
      const key = uniqueKey(field, after.values[field.id]);
      const holder = key === null ? undefined : holders.get(`${field.id} ${key}`);
      if (holder !== undefined && holder !== current.id) {
        fieldErrors.push(
          bodyError(
            path,
            "FIELD_VALUE_TAKEN",
            reason("UNIQUE_VALUE_TAKEN", { customer: holder, label: field.label }),
          ),
        );
      }
    }

    const outcome = { index: row.index, matchedBy, warnings, fieldErrors };
    if (fieldErrors.length > 0)
      return { ...outcome, outcome: "failed", id: matched?.after.id ?? null, before: null, after: null };
    if (matched !== undefined && isSame(current, after))
      return { ...outcome, outcome: "unchanged", id: current.id, before: current, after: current };

    if (matched === undefined) {
      after.id = row.recreates?.id ?? newId();
      after.version = row.recreates?.version ?? after.version;
    }
    freeKeys(current);
    put({
      before: matched?.before ?? null,
      after,
      ...(row.recreates && { createdAt: row.recreates.createdAt }),
      index: matched && matched.index >= 0 ? matched.index : row.index,
    });
    for (const field of definitions.fields) {
      const key = uniqueKey(field, after.values[field.id]);
      if (key !== null) holders.set(`${field.id} ${key}`, after.id);
    }
    return {
      ...outcome,
      outcome: matched === undefined ? "created" : "updated",
      id: after.id,
      before: matched === undefined ? null : current,
      after,
    };
  };

  /** Frees the keys of a customer for the rows that follow. */
  const freeKeys = (state: CustomerState) => {
    if (state.externalId !== null) byExternalId.delete(state.externalId);
    if (state.importCustomerId !== null) byImportId.delete(state.importCustomerId);
    for (const field of definitions.fields) {
      const key = uniqueKey(field, state.values[field.id]);
      if (key !== null) holders.delete(`${field.id} ${key}`);
    }
  };

  const outcomes = rows.map(planRow);
  const written = [...customers.values()].filter(
    ({ before, after }) => before === null || (before !== after && !isSame(before, after)),
  );
  return { outcomes, written };
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
  const values: Record<string, Exclude<StoredValue, null>> = { ...current.values };
  for (const write of row.fields) {
    const { field, path } = write;
    const read = readFieldWrite(write, current.values[field.id] ?? null);
    if ("fieldError" in read) {
      fieldErrors.push(bodyError(path, "FIELD_VALUE_INVALID", read.fieldError));
    } else if (read.value === null) {
      delete values[field.id];
      // A mandatory field that was empty and stays empty is not an error in an update.
      if (!isNew && isMandatory(row, field))
        fieldErrors.push(bodyError(path, "FIELD_MANDATORY", reason("MANDATORY", { label: field.label })));
    } else {
      values[field.id] = read.value;
    }
  }
  if (isNew) {
    const invalid = new Set(fieldErrors.map(({ path }) => path));
    for (const field of definitions.fields) {
      if (!isMandatory(row, field) || values[field.id] !== undefined) continue;
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

function refuseTaken(
  wanted: string | null,
  holders: ReadonlyMap<string, string>,
  self: string,
  path: string,
  code: FieldError["code"],
  fieldErrors: FieldError[],
): void {
  const holder = wanted === null ? undefined : holders.get(wanted);
  if (holder === undefined || holder === self || fieldErrors.some((fieldError) => fieldError.path === path))
    return;
  fieldErrors.push(bodyError(path, code, reason("TAKEN_BY_CUSTOMER", { customer: holder })));
}

function isSame(one: CustomerState, other: CustomerState): boolean {
  if (
    one.externalId !== other.externalId ||
    one.importCustomerId !== other.importCustomerId ||
    one.bookerId !== other.bookerId ||
    !isSameValue(one.tagIds, other.tagIds)
  ) {
    return false;
  }
  const fieldIds = Object.keys(one.values);
  return (
    fieldIds.length === Object.keys(other.values).length &&
    fieldIds.every((id) => isSameValue(one.values[id], other.values[id]))
  );
}

export function isSameValue(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
