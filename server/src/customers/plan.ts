import { bodyError, type FieldError } from "@clientele/contract/errors";
import type { MatchKey } from "@clientele/contract/import-rows";
import type { Definitions } from "../custom-fields/definitions.ts";
import { uniqueKey } from "../custom-fields/values/unique-key.ts";
import type { StoredValue } from "../custom-fields/values/value.ts";
import { type Row, readWrite } from "./read-row.ts";
import type { CustomerState, TakenValue } from "./store.ts";

export type PlanOptions = {
  /** What tells that a row is a customer we have, in this order. */
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
  /** The customer before and after the row, null when there is none; of a row that failed both are null. */
  before: CustomerState | null;
  after: CustomerState | null;
};

/** A customer after all rows: `before` is null when it is new. One that comes back was made at `createdAt`. */
export type Planned = {
  before: CustomerState | null;
  after: CustomerState;
  index: number;
  createdAt?: Date;
};

export type Plan = { outcomes: RowOutcome[]; written: Planned[] };

export type Known = { customers: readonly CustomerState[]; taken: readonly TakenValue[] };

/**
 * What rows do to the customers they mean, in their order: a row that means the same customer as an earlier one
 * goes on from there. Pure; every error of every row is found.
 */
export function planRows(
  definitions: Definitions,
  rows: readonly Row[],
  known: Known,
  options: PlanOptions,
  newId: () => string,
): Plan {
  const customers = new Map<string, Planned>();
  const byExternalId = new Map<string, string>();
  const byImportId = new Map<string, string>();
  const holders = new Map<string, string>();
  for (const { fieldId, key, customerId } of known.taken) holders.set(`${fieldId} ${key}`, customerId);
  const keep = (planned: Planned) => {
    const { id, externalId, importCustomerId } = planned.after;
    customers.set(id, planned);
    if (externalId !== null) byExternalId.set(externalId, id);
    if (importCustomerId !== null) byImportId.set(importCustomerId, id);
  };
  for (const state of known.customers) keep({ before: state, after: state, index: -1 });

  const idsBy: Record<MatchKey, (row: Row) => string | undefined> = {
    id: (row) => (row.id !== null && customers.has(row.id) ? row.id : undefined),
    external_id: (row) => (row.externalId ? byExternalId.get(row.externalId) : undefined),
    import_customer_id: (row) => (row.importCustomerId ? byImportId.get(row.importCustomerId) : undefined),
  };

  const planRow = (row: Row): RowOutcome => {
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
      fieldErrors.push(bodyError(matchedBy ?? "", code, `is taken by customer ${matched.after.id}`));
    }
    if (matched !== undefined && matched.index >= 0) {
      warnings.push(bodyError("", "ROW_REPEATED", `is the same customer as row ${matched.index}`));
    }

    const now = matched?.after ?? blank;
    const after = { ...now, values: valuesAfter(definitions, row, now, matched === undefined, fieldErrors) };
    if (row.externalId !== undefined) after.externalId = row.externalId;
    if (row.importCustomerId !== undefined) after.importCustomerId = row.importCustomerId;
    if (row.tagIds !== undefined) after.tagIds = row.tagIds;
    if (row.tagChange) after.tagIds = tagsAfter(definitions, now.tagIds, row.tagChange);
    if (row.bookerId !== undefined) after.bookerId = row.bookerId;

    refuseTaken(after.externalId, byExternalId, now.id, "external_id", "EXTERNAL_ID_TAKEN", fieldErrors);
    refuseTaken(
      after.importCustomerId,
      byImportId,
      now.id,
      "import_customer_id",
      "IMPORT_ID_TAKEN",
      fieldErrors,
    );
    for (const { field, path } of row.fields) {
      const key = uniqueKey(field, after.values[field.id]);
      const holder = key === null ? undefined : holders.get(`${field.id} ${key}`);
      if (holder !== undefined && holder !== now.id) {
        fieldErrors.push(
          bodyError(path, "FIELD_VALUE_TAKEN", `is taken by customer ${holder}: ${field.label} is unique`),
        );
      }
    }

    const outcome = { index: row.index, matchedBy, warnings, fieldErrors };
    if (fieldErrors.length > 0)
      return { ...outcome, outcome: "failed", id: matched?.after.id ?? null, before: null, after: null };
    if (matched !== undefined && isSame(now, after))
      return { ...outcome, outcome: "unchanged", id: now.id, before: now, after: now };

    if (matched === undefined) {
      after.id = row.comesBack?.id ?? newId();
      after.version = row.comesBack?.version ?? after.version;
    }
    release(now);
    keep({
      before: matched?.before ?? null,
      after,
      ...(row.comesBack && { createdAt: row.comesBack.createdAt }),
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
      before: matched === undefined ? null : now,
      after,
    };
  };

  /** What a customer had is free for the rows that follow. */
  const release = (state: CustomerState) => {
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

/** In the order of their ids, as they are stored. A tag that was deleted meanwhile is not given. */
function tagsAfter(
  { tagNames }: Definitions,
  now: readonly string[],
  { added, removed }: NonNullable<Row["tagChange"]>,
): readonly string[] {
  const gained = added.filter((id) => tagNames.has(id) && !now.includes(id));
  const kept = now.filter((id) => !removed.includes(id));
  if (gained.length === 0 && kept.length === now.length) return now;
  return [...new Set([...kept, ...gained])].sort();
}

const noSuchCustomer = (matchedBy: MatchKey | null): string =>
  matchedBy === null ? "there is no such customer" : `is not the customer that ${matchedBy} names`;

const blank: CustomerState = {
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
  row: Row,
  now: CustomerState,
  isNew: boolean,
  fieldErrors: FieldError[],
): CustomerState["values"] {
  const values: Record<string, Exclude<StoredValue, null>> = { ...now.values };
  for (const write of row.fields) {
    const { field, path } = write;
    const read = readWrite(write, now.values[field.id] ?? null);
    if ("fieldError" in read) {
      fieldErrors.push(bodyError(path, "FIELD_VALUE_INVALID", read.fieldError));
    } else if (read.value === null) {
      delete values[field.id];
      // An absent field that stays absent is not being cleared.
      if (!isNew && isMandatory(row, field))
        fieldErrors.push(bodyError(path, "FIELD_MANDATORY", `${field.label} is mandatory`));
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
        fieldErrors.push(bodyError(path, "FIELD_MANDATORY", `${field.label} is mandatory`));
      }
    }
  }
  return values;
}

const isMandatory = (row: Row, field: { isMandatory: boolean; isActive: boolean }): boolean =>
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
  fieldErrors.push(bodyError(path, code, `is taken by customer ${holder}`));
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
