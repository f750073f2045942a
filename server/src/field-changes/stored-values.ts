import type { Call } from "../call.ts";
import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { uniqueKey } from "../custom-fields/values/unique-key.ts";
import type { ReadValue, StoredValue } from "../custom-fields/values/value.ts";
import { derive, type Values } from "../customers/derived/derive.ts";
import { isSameValue } from "../customers/plan.ts";
import * as store from "../customers/store.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import type { Sql } from "../database/sql.ts";
import { append } from "../journal/append.ts";
import { manyKeys } from "./duplicate-detector.ts";
import * as stored from "./store.ts";

export { countChoices, countWith, customersWithout, type Found, valuesOf } from "./store.ts";

// What a change of a field asks of the customers that are there. It walks in chunks: an enterprise may have millions of
// them. None is written meanwhile: a change holds the definitions' lock, and a dry run reads one snapshot.

export type Rewrite = {
  /** What a value becomes; null removes it. One that stays as it is leaves its customer's version alone. */
  convert: (value: Exclude<StoredValue, null>) => ReadValue;
  /** Customers are found by the field now and were not, or the other way round. */
  searchChanges: boolean;
  /** Why, as the journal of each customer that changes has it. */
  reason: string;
};

/**
 * Rewrites the values of a field on every customer that has it, and derives anew what those are found and sorted by.
 * Answers with the customers whose value could not be converted; if there are any, the transaction must not commit.
 */
export async function rewriteValues(
  call: Call,
  definitions: Definitions,
  fieldId: string,
  { convert, searchChanges, reason }: Rewrite,
): Promise<stored.Found> {
  const unreadable = counter();
  for await (const states of stored.customersWith(call.database, fieldId)) {
    const changed: { before: store.CustomerState; values: Values }[] = [];
    const unchanged: store.CustomerState[] = [];
    for (const state of states) {
      const value = state.values[fieldId]!;
      const read = convert(value);
      if ("fieldError" in read) unreadable.add(state.id);
      else if (isSameValue(read.value, value)) unchanged.push(state);
      else changed.push({ before: state, values: withValue(state.values, fieldId, read.value) });
    }
    if (unreadable.found.count === 0) {
      await call.database.batch([
        ...updates(call, definitions, fieldId, reason, changed),
        ...(searchChanges ? searchUpdates(call, definitions, unchanged) : []),
      ]);
    }
  }
  return unreadable.found;
}

function updates(
  call: Call,
  definitions: Definitions,
  fieldId: string,
  reason: string,
  changed: readonly { before: store.CustomerState; values: Values }[],
): Sql[] {
  if (changed.length === 0) return [];
  const { enterpriseId } = call.database;
  const rows = changed.map(({ before, values }) => ({
    ...before,
    values,
    ...derive(enterpriseId, definitions, values, before.externalId),
  }));
  const changes = changed.map(({ before, values }) => ({
    subjectId: before.id,
    kind: "updated" as const,
    version: before.version + 1,
    before: { values: { [fieldId]: before.values[fieldId] } },
    after: { values: { [fieldId]: values[fieldId] ?? null } },
  }));
  return [store.updateCustomers(enterpriseId, rows, call.now), append(call, "customer", reason, changes)];
}

function searchUpdates(call: Call, definitions: Definitions, states: readonly store.CustomerState[]): Sql[] {
  if (states.length === 0) return [];
  const { enterpriseId } = call.database;
  const rows = states.map(({ id, values, externalId }) => ({
    id,
    searchWords: derive(enterpriseId, definitions, values, externalId).searchWords,
  }));
  return [stored.updateSearch(enterpriseId, rows)];
}

function withValue(values: Values, fieldId: string, value: StoredValue): Values {
  const { [fieldId]: _, ...others } = values;
  return value === null ? others : { ...others, [fieldId]: value };
}

/**
 * Takes the values of a field that is unique now for those who have them. Answers with the customers that share one;
 * if there are any, the transaction must not commit.
 */
export async function takeUniqueValues(database: EnterpriseDatabase, field: Field): Promise<stored.Found> {
  const { enterpriseId } = database;
  await releaseUniqueValues(database, field.id);
  await stored.takePlainKeys(database, field);
  for await (const held of stored.valuesNotPlain(database, field)) {
    const keys = held.map(({ id, value }) => ({ key: uniqueKey(field, value)!, customerId: id }));
    await database.batch([stored.takeKeys(enterpriseId, field.id, keys)]);
  }
  const areShared = await stored.hasSharedKeys(database, field.id);
  return areShared ? customersSharing(database, field) : counter().found;
}

/**
 * The customers that share a value of a field that is to be unique. `becoming` tells what a stored value is to be, when
 * it does not stay as it is.
 */
export async function customersSharing(
  database: EnterpriseDatabase,
  field: Field,
  becoming?: (value: StoredValue) => StoredValue,
): Promise<stored.Found> {
  const sharing = becoming ? null : await stored.sharingPlain(database, field);
  if (sharing) return sharing;
  const keyOf = ({ value }: stored.HeldValue) => uniqueKey(field, becoming ? becoming(value) : value);
  const keys = manyKeys();
  for await (const held of stored.valuesOf(database, field.id)) {
    for (const key of held.map(keyOf)) if (key !== null) keys.add(key);
  }
  const shared = keys.shared();
  const customerIds: string[] = [];
  if (shared.count === 0) return { count: 0, customerIds };
  for await (const held of stored.valuesOf(database, field.id)) {
    for (const one of held) {
      const key = keyOf(one);
      if (key !== null && shared.has(key)) customerIds.push(one.id);
      if (customerIds.length === Math.min(shared.count, stored.customerIdsMax))
        return { count: shared.count, customerIds };
    }
  }
  return { count: shared.count, customerIds };
}

export async function releaseUniqueValues(database: EnterpriseDatabase, fieldId: string): Promise<void> {
  await database.batch([stored.releaseKeys(database.enterpriseId, fieldId)]);
}

/** Counts customers and keeps the first of them. */
export function counter(): { found: stored.Found; add(customerId: string): void } {
  const found: stored.Found = { count: 0, customerIds: [] };
  return {
    found,
    add(customerId) {
      found.count++;
      if (found.customerIds.length < stored.customerIdsMax) found.customerIds.push(customerId);
    },
  };
}
