import { isDeepStrictEqual } from "node:util";
import type { Call } from "../call.ts";
import { adjustBookingCounts, lockEventCustomers } from "../customers/bookings/event-customers.ts";
import { type Sql, sql } from "../database/sql.ts";
import { violates } from "../database/sqlstate.ts";
import { append, type Change } from "../journal/append.ts";
import { type Plan, type PlannedEvent, planEvents } from "./plan.ts";
import type { ParsedEvent } from "./read-row.ts";
import * as store from "./store.ts";

const attemptsMax = 5;

/**
 * Creates or updates events, one row or ten thousand. When another writer took an external id first, rolls
 * back to the savepoint and plans again; after five attempts the violation is thrown.
 */
export async function writeRows(
  call: Call,
  rows: readonly ParsedEvent[],
  reason: "request" | "import",
): Promise<Plan> {
  const { database } = call;
  for (let attempt = 1; ; attempt++) {
    const { customers, events, companyIds } = await lockCandidates(call, rows);
    const plan = planEvents(
      rows,
      { customers, events, companyIds },
      {
        companyId: call.companyId,
        ownCompanyIds: database.session.companyIds,
        newId: call.newId,
      },
    );
    if (plan.written.length === 0) return plan;
    try {
      await database.batch([sql`savepoint planned`, ...statementsOf(call, plan, reason)]);
      return plan;
    } catch (error) {
      if (!violates(error, "events_external_id_key") || attempt === attemptsMax) throw error;
      await database.batch([sql`rollback to savepoint planned`]);
    }
  }
}

function lockCandidates(call: Call, rows: readonly ParsedEvent[]) {
  const { enterpriseId } = call.database;
  const distinct = (pick: (row: ParsedEvent) => string | null | undefined) => [
    ...new Set(rows.map(pick).filter((id) => typeof id === "string")),
  ];
  const externalIds = distinct((row) => row.externalId);
  const ids = distinct(({ customer }) => (customer && "id" in customer ? customer.id : null));
  const companyIds = distinct((row) => row.companyId);
  return lockEventCustomers(
    call.database,
    sql`select unnest(${ids}::uuid[]) union ${store.customersOfEvents(enterpriseId, externalIds)}`,
    distinct(({ customer }) => (customer && "externalId" in customer ? customer.externalId : null)),
    (lock, customers) => store.lockCandidates(call.database, lock, customers, { externalIds, companyIds }),
  );
}

function statementsOf(call: Call, { written }: Plan, reason: "request" | "import"): Sql[] {
  const { enterpriseId } = call.database;
  const created = written.filter(({ before }) => before === null).map(({ after }) => after);
  const updated = written.filter(({ before }) => before !== null).map(({ after }) => after);
  const bookings = bookingDeltas(written);

  const statements: Sql[] = [];
  if (updated.length > 0) statements.push(store.update(enterpriseId, updated, call.now));
  if (created.length > 0) statements.push(store.insert(enterpriseId, created, call.now));
  statements.push(
    append(
      call,
      "event",
      reason,
      written.map((planned) => ({
        ...changeOf(planned),
        ...(reason === "import" ? { importLine: planned.index } : {}),
      })),
    ),
  );
  if (bookings.size > 0) statements.push(adjustBookingCounts(call, bookings));
  return statements;
}

/** The change of each customer's booking count. */
function bookingDeltas(written: readonly PlannedEvent[]): Map<string, number> {
  const deltas = new Map<string, number>();
  const count = (event: store.EventState | null, difference: number) => {
    if (event?.type !== "booking" || event.customerId === null) return;
    deltas.set(event.customerId, (deltas.get(event.customerId) ?? 0) + difference);
  };
  for (const { before, after } of written) {
    count(before, -1);
    count(after, 1);
  }
  return new Map([...deltas].filter(([, difference]) => difference !== 0));
}

/** An event has no version of its own. */
function changeOf({ before, after }: PlannedEvent): Change {
  const { id, ...attributes } = after;
  if (before === null) return { subjectId: id, kind: "created", version: 0, before: null, after: attributes };
  const changed = (Object.keys(attributes) as (keyof typeof attributes)[]).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  const pick = (event: store.EventState) => Object.fromEntries(changed.map((name) => [name, event[name]]));
  return { subjectId: id, kind: "updated", version: 0, before: pick(before), after: pick(after) };
}
