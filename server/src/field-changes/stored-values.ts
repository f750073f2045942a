import type { Call } from "../call.ts";
import type { Definitions, Field } from "../custom-fields/definitions.ts";
import type { FieldKey } from "../custom-fields/values/field-key.ts";
import { uniqueKey } from "../custom-fields/values/unique-key.ts";
import type { ReadValue, StoredValue } from "../custom-fields/values/value.ts";
import { derive } from "../customers/derived/derive.ts";
import { isSameValue } from "../customers/plan.ts";
import * as store from "../customers/store.ts";
import type { Values } from "../customers/values.ts";
import { raiseVersions } from "../customers/version-store.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";
import { append } from "../journal/append.ts";
import { required } from "../validation/required.ts";
import { duplicateDetector } from "./duplicate-detector.ts";
import * as stored from "./store.ts";

export {
  type CustomerSample as Found,
  countCustomersWith as countWith,
  countOptionUses as countChoices,
  customersWithout,
  valuesOf,
} from "./store.ts";

// Works in chunks, because an enterprise may have millions of customers. None changes meanwhile: a change
// holds the exclusive lock on definitions, and a dry run reads one snapshot.

export type Rewrite = {
  /** The new value; null removes it. A customer whose value is unchanged keeps its version. */
  convert: (value: Exclude<StoredValue, null>) => ReadValue;
  /** Whether search starts or stops covering the field. */
  searchChanges: boolean;
  /** The reason in each customer's journal entry. */
  reason: string;
};

/**
 * Rewrites the values of a field on every customer and derives sort keys and search terms again. Returns the
 * customers whose value could not be converted; with any, the transaction must roll back.
 */
export async function rewriteValues(
  call: Call,
  definitions: Definitions,
  key: FieldKey,
  { convert, searchChanges, reason }: Rewrite,
): Promise<stored.CustomerSample> {
  const unreadable = customerCounter();
  for await (const states of stored.customersWith(call.database, key)) {
    const changed: { before: store.CustomerState; values: Values }[] = [];
    const unchanged: store.CustomerState[] = [];
    for (const state of states) {
      const value = required(state.values[key], "the field's stored value");
      const read = convert(value);
      if ("fieldError" in read) unreadable.add(state.id);
      else if (isSameValue(read.value, value)) unchanged.push(state);
      else changed.push({ before: state, values: withValue(state.values, key, read.value) });
    }
    if (unreadable.found.count === 0) {
      await call.database.batch([
        ...updates(call, definitions, key, reason, changed),
        ...(searchChanges ? searchUpdates(call, definitions, unchanged) : []),
      ]);
    }
  }
  return unreadable.found;
}

function updates(
  call: Call,
  definitions: Definitions,
  key: FieldKey,
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
    before: { values: { [key]: before.values[key] } },
    after: { values: { [key]: values[key] ?? null } },
  }));
  return [
    store.updateCustomers(enterpriseId, rows),
    append(call, "customer", reason, changes),
    raiseVersions(call, sql`select unnest(${rows.map(({ id }) => id)}::uuid[])`),
  ];
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

function withValue(values: Values, key: FieldKey, value: StoredValue): Values {
  const { [key]: _, ...others } = values;
  return value === null ? others : { ...others, [key]: value };
}

/**
 * Claims the values of a newly unique field. Returns the customers with duplicates; with any, the transaction
 * must roll back.
 */
export async function claimUniqueValues(
  database: EnterpriseDatabase,
  field: Field,
): Promise<stored.CustomerSample> {
  const { enterpriseId } = database;
  await releaseUniqueValues(database, field.key);
  await stored.insertSqlKeys(database, field);
  for await (const chunk of stored.valuesWithoutSqlKey(database, field)) {
    const keys = chunk.map(({ id, value }) => ({
      key: required(uniqueKey(field, value), "unique key"),
      customerId: id,
    }));
    await database.batch([stored.insertKeys(enterpriseId, field.key, keys)]);
  }
  const areShared = await stored.hasSharedKeys(database, field.key);
  return areShared ? customersWithDuplicates(database, field) : customerCounter().found;
}

/**
 * The customers with duplicates of a field that is to be unique. `convert` maps a stored value to its future
 * one.
 */
export async function customersWithDuplicates(
  database: EnterpriseDatabase,
  field: Field,
  convert?: (value: StoredValue) => StoredValue,
): Promise<stored.CustomerSample> {
  const inSql = convert ? null : await stored.customersSharingSqlKeys(database, field);
  if (inSql) return inSql;
  const keyOf = ({ value }: stored.CustomerValue) => uniqueKey(field, convert ? convert(value) : value);
  const keys = duplicateDetector();
  for await (const chunk of stored.valuesOf(database, field.key)) {
    for (const key of chunk.map(keyOf)) if (key !== null) keys.add(key);
  }
  const duplicates = keys.duplicates();
  const customerIds: string[] = [];
  if (duplicates.count === 0) return { count: 0, customerIds };
  for await (const chunk of stored.valuesOf(database, field.key)) {
    for (const entry of chunk) {
      const key = keyOf(entry);
      if (key !== null && duplicates.has(key)) customerIds.push(entry.id);
      if (customerIds.length === Math.min(duplicates.count, stored.customerIdsMax))
        return { count: duplicates.count, customerIds };
    }
  }
  return { count: duplicates.count, customerIds };
}

export async function releaseUniqueValues(database: EnterpriseDatabase, fieldKey: FieldKey): Promise<void> {
  await database.batch([stored.deleteKeys(database.enterpriseId, fieldKey)]);
}

/** Counts customers and collects the ids of the first ones. */
export function customerCounter(): { found: stored.CustomerSample; add(customerId: string): void } {
  const found: stored.CustomerSample = { count: 0, customerIds: [] };
  return {
    found,
    add(customerId) {
      found.count++;
      if (found.customerIds.length < stored.customerIdsMax) found.customerIds.push(customerId);
    },
  };
}
