import type { Call } from "../call.ts";
import type { Definitions } from "../custom-fields/definitions.ts";
import { uniqueKey } from "../custom-fields/unique-key.ts";
import { readValue } from "../custom-fields/value.ts";
import type { Answer } from "../database/batch.ts";
import { type Sql, sql } from "../database/sql.ts";
import { sqlstateOf } from "../database/sqlstate.ts";
import { append, type Change } from "../journal/append.ts";
import { derive } from "./derive.ts";
import { isSameValue, type Plan, type Planned, type PlanOptions, planRows } from "./plan.ts";
import type { Row } from "./read-row.ts";
import * as store from "./store.ts";

export type WriteOptions = PlanOptions & {
  reason: "request" | "import";
  /** Says what would happen, and does none of it. */
  dryRun?: boolean;
  /** All rows or none. */
  atomic?: boolean;
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
    const failed = plan.outcomes.some(({ outcome }) => outcome === "failed");
    if (options.dryRun || plan.written.length === 0 || (options.atomic && failed))
      return { plan, rendered: [] };
    try {
      const answers = await database.batch([
        sql`savepoint planned`,
        ...statementsOf(call, definitions, plan, options),
      ]);
      return { plan, rendered: renderedBy(answers) };
    } catch (error) {
      if (sqlstateOf(error) !== "23505" || attempt === attemptsMax) throw error;
      await database.batch([sql`rollback to savepoint planned`]);
    }
  }
}

function soughtBy(definitions: Definitions, rows: readonly Row[]): store.Sought {
  const uniqueValues = rows.flatMap((row) =>
    row.fields.flatMap(({ field, written }) => {
      if (!field.isUnique) return [];
      const read = readValue(field, written, null);
      const key = "value" in read ? uniqueKey(field, read.value) : null;
      return key === null ? [] : [{ fieldId: field.id, key }];
    }),
  );
  const named = (pick: (row: Row) => string | null | undefined) => [
    ...new Set(rows.map(pick).filter((it) => typeof it === "string")),
  ];
  return {
    ids: named((row) => row.id),
    externalIds: named((row) => row.externalId),
    importCustomerIds: named((row) => row.importCustomerId),
    uniqueValues: definitions.fields.some((field) => field.isUnique) ? uniqueValues : [],
  };
}

const returningMax = 1;

function statementsOf(call: Call, definitions: Definitions, { written }: Plan, options: WriteOptions): Sql[] {
  const { enterpriseId } = call.database;
  const created = written.filter(({ before }) => before === null);
  const updated = written.filter(({ before }) => before !== null);
  const lost = updated.flatMap(({ before }) => uniqueValuesOf(definitions, before!));
  const held = written.flatMap(({ after }) => uniqueValuesOf(definitions, after));
  const writes = (planned: readonly Planned[]) =>
    planned.map(({ after }) => ({
      ...after,
      ...derive(enterpriseId, definitions, after.values, after.externalId),
    }));
  // One record is answered as it now stands; of many only the outcome is.
  const returning = written.length <= returningMax ? sql` returning ${store.renderedColumns}` : sql``;

  const statements: Sql[] = [];
  if (lost.length > 0) statements.push(store.deleteUniqueValues(enterpriseId, lost));
  if (held.length > 0) statements.push(store.insertUniqueValues(enterpriseId, held));
  // Updates first: they set free what a new customer may be taking over.
  if (updated.length > 0) {
    statements.push(sql`${store.updateCustomers(enterpriseId, writes(updated), call.now)}${returning}`);
  }
  if (created.length > 0) {
    statements.push(sql`${store.insertCustomers(enterpriseId, writes(created), call.now)}${returning}`);
    statements.push(store.addToCount(enterpriseId, created.length));
  }
  statements.push(
    append(
      call,
      "customer",
      options.reason,
      written.map((it) => changeOf(it, options)),
    ),
  );
  return statements;
}

const renderedBy = (answers: readonly Answer[]): (string | null)[][] =>
  answers.find(({ columns }) => columns.length > 0)?.rows ?? [];

const uniqueValuesOf = (definitions: Definitions, { id, values }: store.CustomerState): store.TakenValue[] =>
  definitions.fields.flatMap((field) => {
    const key = uniqueKey(field, values[field.id]);
    return key === null ? [] : [{ fieldId: field.id, key, customerId: id }];
  });

function changeOf({ before, after, index }: Planned, { reason }: WriteOptions): Change {
  return {
    subjectId: after.id,
    kind: before === null ? "created" : "updated",
    version: before === null ? 1 : before.version + 1,
    ...(reason === "import" ? { importLine: index } : {}),
    ...differenceOf(before, after),
  };
}

type Snapshot = Partial<Omit<store.CustomerState, "id" | "version" | "values">> & {
  values?: Record<string, unknown>;
};

/** What the journal keeps of a customer that is no more. */
export function snapshotOf(state: store.CustomerState): Snapshot {
  const { externalId, importCustomerId, values, tagIds, bookerId } = state;
  return { externalId, importCustomerId, values, tagIds, bookerId };
}

/** The attributes that differ, as they were and as they are. Of a new customer, those that are set. */
function differenceOf(
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
