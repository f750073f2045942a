import type { MatchKey } from "@clientele/contract/import-rows";
import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { uniqueKey } from "../custom-fields/values/unique-key.ts";
import type { StoredValue } from "../custom-fields/values/value.ts";
import { required } from "../validation/required.ts";
import type { ParsedRow } from "./read-row.ts";
import type { CustomerState, TakenValue } from "./store.ts";

/** A customer after all rows; `before` is null for a new one. */
export type PlannedCustomer = {
  before: CustomerState | null;
  after: CustomerState;
  index: number;
};

export type Candidates = { customers: readonly CustomerState[]; taken: readonly TakenValue[] };

export type CustomerIndex = ReturnType<typeof openCustomerIndex>;

/** The candidates by their keys, kept up to date while rows are planned one after the other. */
export function openCustomerIndex(definitions: Definitions, candidates: Candidates) {
  const customers = new Map<string, PlannedCustomer>();
  const byExternalId = new Map<string, string>();
  const byImportId = new Map<string, string>();
  const byUniqueValue = new Map<string, string>();
  const put = (planned: PlannedCustomer) => {
    const { id, externalId, importCustomerId } = planned.after;
    customers.set(id, planned);
    if (externalId !== null) byExternalId.set(externalId, id);
    if (importCustomerId !== null) byImportId.set(importCustomerId, id);
  };
  const uniqueFields = definitions.fields.filter(({ isUnique }) => isUnique);
  const uniqueValuesOf = ({ values }: CustomerState): string[] =>
    uniqueFields.flatMap((field) => {
      const key = uniqueKey(field, values[field.key]);
      return key === null ? [] : [`${field.key} ${key}`];
    });
  const idsBy: Record<MatchKey, (row: ParsedRow) => string | undefined> = {
    id: (row) => (row.id !== null && customers.has(row.id) ? row.id : undefined),
    external_id: (row) => (row.externalId ? byExternalId.get(row.externalId) : undefined),
    import_customer_id: (row) => (row.importCustomerId ? byImportId.get(row.importCustomerId) : undefined),
  };

  for (const { fieldKey, key, customerId } of candidates.taken)
    byUniqueValue.set(`${fieldKey} ${key}`, customerId);
  for (const state of candidates.customers) put({ before: state, after: state, index: -1 });

  return {
    customers,
    byExternalId,
    byImportId,

    /** The customer that a row matches, and the first key of `matchOn` by which it does. */
    match(row: ParsedRow, matchOn: readonly MatchKey[]) {
      const matchedBy = matchOn.find((key) => idsBy[key](row) !== undefined) ?? null;
      const matched =
        matchedBy === null
          ? undefined
          : customers.get(required(idsBy[matchedBy](row), "the matched customer's id"));
      return { matchedBy, matched };
    },

    /** The customer that has the value of a unique field. */
    holderOf(field: Field, value: StoredValue | undefined): string | undefined {
      const key = uniqueKey(field, value);
      return key === null ? undefined : byUniqueValue.get(`${field.key} ${key}`);
    },

    /** Frees the keys of the current state for the rows that follow, and claims those of the planned one. */
    replace(current: CustomerState, planned: PlannedCustomer): void {
      if (current.externalId !== null) byExternalId.delete(current.externalId);
      if (current.importCustomerId !== null) byImportId.delete(current.importCustomerId);
      for (const value of uniqueValuesOf(current)) byUniqueValue.delete(value);
      put(planned);
      for (const value of uniqueValuesOf(planned.after)) byUniqueValue.set(value, planned.after.id);
    },
  };
}
