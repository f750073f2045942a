import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/history";
import type { RequestOf } from "@clientele/contract/route";
import type { Call, Operation } from "../../call.ts";
import { currentDefinitions, type Definitions } from "../../custom-fields/definitions.ts";
import { sql } from "../../database/sql.ts";
import { sqlstateOf } from "../../database/sqlstate.ts";
import { lastChange, type Moment } from "../../journal/changes.ts";
import { addressOf } from "../address.ts";
import { giveBack } from "../bookings/restore-bookings.ts";
import { answer } from "../operations.ts";
import { isSameValue, type PlanOptions, planRows, type RowOutcome } from "../plan.ts";
import { type Row, readRow } from "../read-row.ts";
import * as store from "../store.ts";
import { lockKnown, soughtBy, writePlan } from "../write.ts";
import { openStanding } from "./fitting-values.ts";
import { absence, readAsOf } from "./operations.ts";
import { stateAfter } from "./past-customer.ts";

type Body = RequestOf<typeof contract.restoreCustomer>["body"];

const attemptsMax = 5;

/**
 * A version that comes back is a write like others, planned and refused like one. When another writer was faster
 * with a name, a value, or the restore itself, all is taken back to the savepoint and planned anew.
 */
export const restore: Operation<typeof contract.restoreCustomer> = async (call, { params, query, body }) => {
  const { database } = call;
  const until = readUntil(body);
  const address = addressOf(params.customerId, query.external);
  const definitions = await currentDefinitions(database);
  for (let attempt = 1; ; attempt++) {
    const current = (await store.lockOne(database, address)) ?? (await store.lockAbsent(database, address));
    const customerId = current?.id ?? params.customerId;
    const isKnown = current !== undefined || "id" in address;
    const found = isKnown ? await find(call, current, customerId, until) : null;
    if (!found) throw new Problem("CUSTOMER_NOT_FOUND");
    if (call.expectedVersion !== undefined && call.expectedVersion !== current?.version)
      throw new Problem("VERSION_MISMATCH");

    const row = await rowOf(call, definitions, current, found, body);
    const known = await lockKnown(database, soughtBy(definitions, [row]));
    const options: PlanOptions = current
      ? { mode: "update", matchOn: ["id"] }
      : { mode: "create", matchOn: [] };
    const plan = planRows(definitions, [row], known, options, call.newId);
    const [outcome] = plan.outcomes as [RowOutcome];
    if (outcome.outcome === "failed") throw problemOf(outcome.fieldErrors);
    try {
      if (plan.written.length > 0) await writePlan(call, definitions, plan, { reason: "restore" });
    } catch (error) {
      if (sqlstateOf(error) !== "23505") throw error;
      await database.batch([sql`rollback to savepoint planned`]);
      if (attempt === attemptsMax) throw new Problem("DATABASE_BUSY", { cause: error });
      continue;
    }
    if (!current) await database.batch([giveBack(call, [{ customerId, deletionId: found.newest!.id }])]);
    return answer(definitions, (await store.fetchRow(database, { id: customerId }))!);
  }
};

type Until = { version: number } | { time: Date } | null;

function readUntil({ version, as_of }: Body): Until {
  if (version !== undefined && as_of !== undefined)
    throw problemOf([bodyError("as_of", "REQUEST_INVALID", "must not be there beside version")]);
  const time = readAsOf(as_of, "body");
  return version !== undefined ? { version } : time ? { time } : null;
}

/** What is to come back, and the change that had made it so; and the first and the last thing that happened. */
type Found = {
  state: store.CustomerState;
  changeId: number | null;
  newest: Moment | undefined;
  first: Moment | undefined;
};

/** Null when there has never been such a customer. */
async function find(
  { database }: Call,
  current: store.CustomerState | undefined,
  customerId: string,
  until: Until,
): Promise<Found | null> {
  const lastUntil = (bound: Until) => lastChange(database, "customer", sql`${customerId}`, bound);
  const { last: newest, first } = await lastUntil(null);
  const after = async (changeId: number): Promise<Found> => {
    const state = await stateAfter(database, customerId, changeId);
    return { state: state!, changeId, newest, first };
  };
  if (!current && !newest) return null;
  if (until === null)
    return current ? { state: current, changeId: null, newest, first } : after(newest!.id - 1);

  const { last } = await lastUntil(until);
  const isAhead = "version" in until && until.version > (current ?? newest!).version;
  if (isAhead || !last || last.kind === "deleted") {
    const message = isAhead ? "there has been no such version" : absence(last, first);
    throw problemOf([bodyError("version" in until ? "version" : "as_of", "VERSION_UNKNOWN", message)]);
  }
  return after(last.id);
}

/** A row that says all of what the customer is to be. */
async function rowOf(
  { database }: Call,
  definitions: Definitions,
  current: store.CustomerState | undefined,
  { state, changeId, newest, first }: Found,
  { version: _version, as_of: _asOf, ...written }: Body,
): Promise<Row> {
  const standing = await openStanding(database, definitions, Object.keys(state.values), changeId);
  const fields = standing(state.values).filter(
    ({ field, stored }) => !isSameValue(stored, current?.values[field.id] ?? null),
  );
  const named = readRow(definitions, 0, written, { unknownFields: "error" });
  return {
    ...named,
    id: current?.id ?? null,
    ...(!current && { comesBack: { id: state.id, version: newest!.version, createdAt: first!.at } }),
    externalId: named.externalId === undefined ? state.externalId : named.externalId,
    importCustomerId: named.importCustomerId === undefined ? state.importCustomerId : named.importCustomerId,
    fields,
    tagIds: state.tagIds.filter((id) => definitions.tagNames.has(id)),
    bookerId: state.bookerId,
  };
}
