import { Problem } from "@clientele/contract/errors";
import type { Call } from "../call.ts";
import type { Definitions } from "../custom-fields/definitions.ts";
import { uniqueKey } from "../custom-fields/values/unique-key.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Query, type Sql, sql, type TextRow, textRows } from "../database/sql.ts";
import { sqlstateOf } from "../database/sqlstate.ts";
import { append, appendFrom, type Change } from "../journal/append.ts";
import { derive } from "./derived/derive.ts";
import { isSameValue, type Known, type Plan, type Planned, type PlanOptions, planRows } from "./plan.ts";
import { type Row, readWrite } from "./read-row.ts";
import * as store from "./store.ts";

type WriteReason = "request" | "import" | "bulk" | "undo" | "restore";

/** Why customers are written, and by which import: for the journal. */
export type Writing = { reason: WriteReason; importId?: string };

export type WriteOptions = PlanOptions &
  Writing & {
    /** Says what would happen, and does none of it. */
    dryRun?: boolean;
    /** All rows or none. */
    atomic?: boolean;
    /** Looks at the plan before it is written, and throws when it will not do. */
    check?: (plan: Plan) => void;
  };

const attemptsMax = 5;

/**
 * The one way a customer is created or updated, one row or ten thousand. The rows' customers are locked, the plan
 * is made, and it is written in one round trip. When a constraint then says that another writer was faster, all is
 * taken back to the savepoint and planned anew: the second plan sees what the other has written.
 */
export async function writeRows(
  call: Call,
  definitions: Definitions,
  rows: readonly Row[],
  options: WriteOptions,
): Promise<{ plan: Plan; rendered: (string | null)[][] }> {
  const { database } = call;
  for (let attempt = 1; ; attempt++) {
    const known = await store.lockSought(database, soughtBy(definitions, rows));
    const plan = planRows(definitions, rows, known, options, call.newId);
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

/** What rows may mean, for a plan that nobody writes. */
export const findKnown = (database: EnterpriseDatabase, sought: store.Sought): Promise<Known> =>
  store.findSought(database, sought);

/** The same customers for a write that is no row's. */
export const lockKnown = (database: EnterpriseDatabase, sought: Partial<store.Sought>) =>
  store.lockSought(database, {
    ids: [],
    externalIds: [],
    importCustomerIds: [],
    uniqueValues: [],
    ...sought,
  });

const rowsAStatement = 2_500;

/** Writes a plan and answers with the one customer of it as it now stands; of many, nothing is answered. */
export async function writePlan(
  call: Call,
  definitions: Definitions,
  plan: Pick<Plan, "written">,
  options: Writing,
): Promise<TextRow[]> {
  const answers: TextRow[][] = [];
  let ahead: Query<TextRow>[] = [sql`savepoint planned`, ...setFree(call, definitions, plan)];
  let underway: Promise<TextRow[][]> = Promise.resolve([]);
  // PostgreSQL writes one part while the next is made ready.
  for (const part of partsOf(plan)) {
    const statements = [...ahead, ...statementsOf(call, definitions, part, options)];
    ahead = [];
    answers.push(...(await underway));
    underway = call.database.batch(statements);
  }
  answers.push(...(await underway));
  return answers.flat();
}

/** Updates first: they set free what a new customer may be taking over. New ones go by external id, see the store. */
function partsOf({ written }: Pick<Plan, "written">): Planned[][] {
  const updated = written.filter(({ before }) => before !== null);
  const created = written.filter(({ before }) => before === null);
  created.sort((one, other) => compared(one.after.externalId ?? "", other.after.externalId ?? ""));
  return [updated, created].flatMap((planned) =>
    Array.from({ length: Math.ceil(planned.length / rowsAStatement) }, (_, part) =>
      planned.slice(part * rowsAStatement, (part + 1) * rowsAStatement),
    ),
  );
}

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

export function soughtBy(definitions: Definitions, rows: readonly Row[]): store.Sought {
  const uniqueValues = rows.flatMap((row) =>
    row.fields.flatMap((write) => {
      const { field } = write;
      if (!field.isUnique) return [];
      const read = readWrite(write, null);
      const key = "value" in read ? uniqueKey(field, read.value) : null;
      return key === null ? [] : [{ fieldId: field.id, key }];
    }),
  );
  const named = (pick: (row: Row) => string | null | undefined) => [
    ...new Set(rows.map(pick).filter((name) => typeof name === "string")),
  ];
  return {
    ids: named((row) => row.id),
    externalIds: named((row) => row.externalId),
    importCustomerIds: named((row) => row.importCustomerId),
    uniqueValues: definitions.fields.some((field) => field.isUnique) ? uniqueValues : [],
  };
}

/**
 * What customers give up is free before anybody takes it over: one import may hand an external id or a unique value
 * from one customer to another.
 */
function setFree(call: Call, definitions: Definitions, { written }: Pick<Plan, "written">): Sql[] {
  const { enterpriseId } = call.database;
  const renamed = written.flatMap(({ before, after }) =>
    before && isRenamed(before, after) ? [after.id] : [],
  );
  const lost = written.flatMap(({ before }) => (before ? uniqueValuesOf(definitions, before) : []));
  const held = written.flatMap(({ after }) => uniqueValuesOf(definitions, after));
  return [
    ...(renamed.length > 0 ? [store.releaseNames(enterpriseId, renamed)] : []),
    ...(lost.length > 0 ? [store.deleteUniqueValues(enterpriseId, lost)] : []),
    ...(held.length > 0 ? [store.insertUniqueValues(enterpriseId, held)] : []),
  ];
}

const isRenamed = (before: store.CustomerState, after: store.CustomerState): boolean =>
  (before.externalId !== null && before.externalId !== after.externalId) ||
  (before.importCustomerId !== null && before.importCustomerId !== after.importCustomerId);

/** One part: customers that are all new, or all changed. */
function statementsOf(
  call: Call,
  definitions: Definitions,
  part: readonly Planned[],
  options: Writing,
): Query<TextRow>[] {
  const { enterpriseId } = call.database;
  const { reason, importId } = options;
  const rows = part.map(({ after, createdAt, index }) => ({
    ...after,
    createdAt,
    importLine: reason === "import" ? index : undefined,
    ...derive(enterpriseId, definitions, after.values, after.externalId),
  }));
  if (part[0]?.before === null) {
    const record = (source: Sql) => appendFrom(call, "customer", reason, source, importId);
    return [
      store.createCustomers(enterpriseId, rows, call.now, record),
      store.addToCount(enterpriseId, part.length),
    ];
  }
  // One record is answered as it now stands; of many only the outcome is.
  const returning = part.length === 1 ? sql` returning ${store.renderedColumns}` : sql``;
  const changes = part.map((planned) => changeOf(planned, options));
  return [
    textRows(sql`${store.updateCustomers(enterpriseId, rows, call.now)}${returning}`),
    append(call, "customer", reason, changes, importId),
  ];
}

export const uniqueValuesOf = (
  definitions: Definitions,
  { id, values }: store.CustomerState,
): store.TakenValue[] =>
  definitions.fields.flatMap((field) => {
    const key = uniqueKey(field, values[field.id]);
    return key === null ? [] : [{ fieldId: field.id, key, customerId: id }];
  });

function changeOf({ before, after, index }: Planned, { reason }: Writing): Change {
  return {
    subjectId: after.id,
    kind: before === null ? "created" : "updated",
    version: (before ?? after).version + 1,
    ...(reason === "import" ? { importLine: index } : {}),
    ...differenceOf(before, after),
  };
}

/** What the journal keeps of a customer: the attributes that a change is about. */
export type Snapshot = Partial<Omit<store.CustomerState, "id" | "version" | "values">> & {
  values?: Record<string, unknown>;
};

/** What the journal keeps of a customer that is no more. */
export function snapshotOf(state: store.CustomerState): Snapshot {
  const { externalId, importCustomerId, values, tagIds, bookerId } = state;
  return { externalId, importCustomerId, values, tagIds, bookerId };
}

/** The attributes that differ, as they were and as they are. Of a new customer, those that are set. */
export function differenceOf(
  before: store.CustomerState | null,
  after: store.CustomerState,
): { before: Snapshot | null; after: Snapshot } {
  if (before === null) return { before: null, after: snapshotOf(after) };
  const was: Snapshot = {};
  const is: Snapshot = {};
  for (const name of ["externalId", "importCustomerId", "bookerId", "tagIds"] as const) {
    if (isSameValue(before[name], after[name])) continue;
    Object.assign(was, { [name]: before[name] });
    Object.assign(is, { [name]: after[name] });
  }
  const changed = [...new Set([...Object.keys(before.values), ...Object.keys(after.values)])].filter(
    (fieldId) => !isSameValue(before.values[fieldId], after.values[fieldId]),
  );
  if (changed.length > 0) {
    was.values = Object.fromEntries(changed.map((fieldId) => [fieldId, before.values[fieldId] ?? null]));
    is.values = Object.fromEntries(changed.map((fieldId) => [fieldId, after.values[fieldId] ?? null]));
  }
  return { before: was, after: is };
}
