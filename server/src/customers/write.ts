import { Problem } from "@clientele/contract/errors";
import type { Call } from "../call.ts";
import type { Definitions } from "../custom-fields/definitions.ts";
import { type FieldKey, fieldKeysIn } from "../custom-fields/values/field-key.ts";
import { uniqueKey } from "../custom-fields/values/unique-key.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Query, type Sql, sql, type TextRow, textRows } from "../database/sql.ts";
import { sqlstateOf } from "../database/sqlstate.ts";
import { append, appendFrom, type Change, type ChangeSource } from "../journal/append.ts";
import { derive } from "./derived/derive.ts";
import {
  type Candidates,
  isSameValue,
  type Plan,
  type PlannedCustomer,
  type PlanOptions,
  planRows,
} from "./plan.ts";
import { type ParsedRow, readFieldWrite } from "./read-row.ts";
import * as store from "./store.ts";
import { insertVersions, raiseVersions } from "./version-store.ts";

type WriteReason = "request" | "import" | "bulk" | "undo" | "restore";

/** The reason and the import that the journal records for a write. */
export type WriteCause = { reason: WriteReason; importId?: string };

export type WriteOptions = PlanOptions &
  WriteCause & {
    /** Plans and writes nothing. */
    dryRun?: boolean;
    /** Nothing is written after the rows. */
    isLast?: boolean;
    /** All rows or none. */
    atomic?: boolean;
    /** Inspects the plan before it is written; throws to reject it. */
    check?: (plan: Plan) => void;
  };

const attemptsMax = 5;

/**
 * Creates or updates customers, one row or ten thousand: locks the candidates, plans, and writes in one round
 * trip. When a unique constraint shows that another writer was faster, rolls back to the savepoint and plans
 * again on what the other one wrote; DATABASE_BUSY after five attempts.
 */
export async function writeRows(
  call: Call,
  definitions: Definitions,
  rows: readonly ParsedRow[],
  options: WriteOptions,
): Promise<{ plan: Plan; rendered: (string | null)[][] }> {
  const { database } = call;
  for (let attempt = 1; ; attempt++) {
    const candidates = await store.lockCandidates(database, lookupKeysOf(definitions, rows));
    const plan = planRows(definitions, rows, candidates, options, call.newId);
    options.check?.(plan);
    const failed = plan.outcomes.some(({ outcome }) => outcome === "failed");
    if (options.dryRun || plan.written.length === 0 || (options.atomic && failed))
      return { plan, rendered: [] };
    try {
      return { plan, rendered: await writePlan(call, definitions, plan, options) };
    } catch (error) {
      if (sqlstateOf(error) !== "23505") throw error;
      await database.batch([sql`rollback to savepoint planned`]);
      if (attempt === attemptsMax) throw new Problem("DATABASE_BUSY", { cause: error });
    }
  }
}

/** Finds the candidates of a dry run, without locks. */
export const findCandidates = (database: EnterpriseDatabase, keys: store.LookupKeys): Promise<Candidates> =>
  store.findCandidates(database, keys);

/** Locks candidates for a write that does not come from rows. */
export const lockCandidates = (database: EnterpriseDatabase, keys: Partial<store.LookupKeys>) =>
  store.lockCandidates(database, {
    ids: [],
    externalIds: [],
    importCustomerIds: [],
    uniqueValues: [],
    ...keys,
  });

const rowsPerStatement = 2_500;

/** Writes a plan. Returns the rendered row when the plan has exactly one customer, otherwise none. */
export async function writePlan(
  call: Call,
  definitions: Definitions,
  plan: Pick<Plan, "written">,
  options: WriteCause & { isLast?: boolean },
): Promise<TextRow[]> {
  const answers: TextRow[][] = [];
  let leading: Query<TextRow>[] = [sql`savepoint planned`, ...releaseStatements(call, definitions, plan)];
  let inFlight: Promise<TextRow[][]> = Promise.resolve([]);
  // PostgreSQL writes one batch while the next one is built.
  const batches = batchesOf(plan);
  for (const [at, batch] of batches.entries()) {
    const statements = [...leading, ...writeStatements(call, definitions, batch, options)];
    leading = [];
    answers.push(...(await inFlight));
    inFlight =
      options.isLast && at === batches.length - 1
        ? call.database.batchAndCommit(statements)
        : call.database.batch(statements);
  }
  answers.push(...(await inFlight));
  return answers.flat();
}

/**
 * Updates come first, because they free keys that new customers may take over. New customers are ordered by
 * external id, as the store requires.
 */
function batchesOf({ written }: Pick<Plan, "written">): PlannedCustomer[][] {
  const updated = written.filter(({ before }) => before !== null);
  const created = written.filter(({ before }) => before === null);
  created.sort((one, other) => compareText(one.after.externalId ?? "", other.after.externalId ?? ""));
  return [updated, created].flatMap((planned) =>
    Array.from({ length: Math.ceil(planned.length / rowsPerStatement) }, (_, part) =>
      planned.slice(part * rowsPerStatement, (part + 1) * rowsPerStatement),
    ),
  );
}

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

export function lookupKeysOf(definitions: Definitions, rows: readonly ParsedRow[]): store.LookupKeys {
  const uniqueValues = rows.flatMap((row) =>
    row.fields.flatMap((write) => {
      const { field } = write;
      if (!field.isUnique) return [];
      const read = readFieldWrite(write, null);
      const key = "value" in read ? uniqueKey(field, read.value) : null;
      return key === null ? [] : [{ fieldKey: field.key, key }];
    }),
  );
  const distinct = (pick: (row: ParsedRow) => string | null | undefined) => [
    ...new Set(rows.map(pick).filter((name) => typeof name === "string")),
  ];
  return {
    ids: distinct((row) => row.id),
    externalIds: distinct((row) => row.externalId),
    importCustomerIds: distinct((row) => row.importCustomerId),
    uniqueValues: definitions.fields.some((field) => field.isUnique) ? uniqueValues : [],
  };
}

/**
 * Releases keys before they are claimed: one import may move an external id or a unique value from one
 * customer to another.
 */
function releaseStatements(call: Call, definitions: Definitions, { written }: Pick<Plan, "written">): Sql[] {
  const { enterpriseId } = call.database;
  const withNewIds = written.flatMap(({ before, after }) =>
    before && changesExternalId(before, after) ? [after.id] : [],
  );
  const released = written.flatMap(({ before }) => (before ? uniqueValuesOf(definitions, before) : []));
  const claimed = written.flatMap(({ after }) => uniqueValuesOf(definitions, after));
  return [
    ...(withNewIds.length > 0 ? [store.clearExternalIds(enterpriseId, withNewIds)] : []),
    ...(released.length > 0 ? [store.deleteUniqueValues(enterpriseId, released)] : []),
    ...(claimed.length > 0 ? [store.insertUniqueValues(enterpriseId, claimed)] : []),
  ];
}

const changesExternalId = (before: store.CustomerState, after: store.CustomerState): boolean =>
  (before.externalId !== null && before.externalId !== after.externalId) ||
  (before.importCustomerId !== null && before.importCustomerId !== after.importCustomerId);

/** The statements of one batch, in which customers are all new or all changed. */
function writeStatements(
  call: Call,
  definitions: Definitions,
  batch: readonly PlannedCustomer[],
  options: WriteCause,
): Query<TextRow>[] {
  const { enterpriseId } = call.database;
  const { reason, importId } = options;
  const rows = batch.map(({ after, index }) => ({
    ...after,
    importLine: reason === "import" ? index : undefined,
    ...derive(enterpriseId, definitions, after.values, after.externalId),
  }));
  // A single customer is returned as stored; larger batches return no rows.
  const returned = batch.length === 1 ? store.customerRowColumns : undefined;
  if (batch[0]?.before === null) {
    const journal = (source: ChangeSource) => appendFrom(call, "customer", reason, source, importId);
    const versions = rows.map(({ id, version }) => ({ id, version: version + 1 }));
    return [
      store.adjustCustomerCount(enterpriseId, batch.length),
      store.createCustomers(enterpriseId, rows, journal),
      textRows(insertVersions(call, versions, returned)),
    ];
  }
  const changes = batch.map((planned) => changeOf(planned, options));
  return [
    store.updateCustomers(enterpriseId, rows),
    append(call, "customer", reason, changes, importId),
    textRows(raiseVersions(call, sql`select unnest(${rows.map(({ id }) => id)}::uuid[])`, returned)),
  ];
}

export const uniqueValuesOf = (
  definitions: Definitions,
  { id, values }: store.CustomerState,
): store.TakenValue[] =>
  definitions.fields.flatMap((field) => {
    const key = uniqueKey(field, values[field.key]);
    return key === null ? [] : [{ fieldKey: field.key, key, customerId: id }];
  });

function changeOf({ before, after, index }: PlannedCustomer, { reason }: WriteCause): Change {
  return {
    subjectId: after.id,
    kind: before === null ? "created" : "updated",
    version: (before ?? after).version + 1,
    ...(reason === "import" ? { importLine: index } : {}),
    ...customerDiff(before, after),
  };
}

/** The attributes of a customer in a journal entry: those that changed. A removed value is null. */
export type Snapshot = Partial<Omit<store.RecordedState, "values">> & {
  values?: Readonly<Record<FieldKey, unknown>>;
};

/** The full snapshot that the journal stores for a deleted customer. */
export function snapshotOf(state: store.CustomerState): store.RecordedState {
  const { externalId, importCustomerId, values, tagIds, bookerId } = state;
  return { externalId, importCustomerId, values, tagIds, bookerId };
}

/** The attributes that differ, before and after; every attribute of a new customer. */
export function customerDiff(
  before: store.CustomerState | null,
  after: store.CustomerState,
): { before: Snapshot | null; after: Snapshot } {
  if (before === null) return { before: null, after: snapshotOf(after) };
  const earlier: Snapshot = {};
  const later: Snapshot = {};
  for (const name of ["externalId", "importCustomerId", "bookerId", "tagIds"] as const) {
    if (isSameValue(before[name], after[name])) continue;
    Object.assign(earlier, { [name]: before[name] });
    Object.assign(later, { [name]: after[name] });
  }
  const changed = fieldKeysIn({ ...before.values, ...after.values }).filter(
    (key) => !isSameValue(before.values[key], after.values[key]),
  );
  if (changed.length > 0) {
    earlier.values = Object.fromEntries(changed.map((key) => [key, before.values[key] ?? null]));
    later.values = Object.fromEntries(changed.map((key) => [key, after.values[key] ?? null]));
  }
  return { before: earlier, after: later };
}
