import { bodyError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type * as contract from "@clientele/contract/history";
import type { RequestOf } from "@clientele/contract/route";
import type { Call, Operation } from "../../call.ts";
import { currentDefinitions, type Definitions } from "../../custom-fields/definitions.ts";
import { fieldKeysIn } from "../../custom-fields/values/field-key.ts";
import { sql } from "../../database/sql.ts";
import { sqlstateOf } from "../../database/sqlstate.ts";
import { lastChange, type Moment } from "../../journal/changes.ts";
import { required } from "../../validation/required.ts";
import { restoreBookings } from "../bookings/restore-bookings.ts";
import { customerRefOf } from "../customer-ref.ts";
import { answerCustomer } from "../operations.ts";
import { isSameValue, type PlanOptions, planRows, type RowOutcome } from "../plan.ts";
import { type ParsedRow, readRow } from "../read-row.ts";
import * as store from "../store.ts";
import { lockCandidates, lookupKeysOf, writePlan } from "../write.ts";
import { absence, readAsOf } from "./operations.ts";
import { type PastState, stateAfter } from "./past-customer.ts";
import { openValueRestorer } from "./restored-values.ts";

type Body = RequestOf<typeof contract.restoreCustomer>["body"];

const attemptsMax = 5;

/**
 * Restores a version with the plan and the errors of any other write. When another writer was faster with an
 * id, a value or the restore itself, rolls back to the savepoint and plans again.
 */
export const restore: Operation<typeof contract.restoreCustomer> = async (call, { params, query, body }) => {
  const { database } = call;
  const restorePoint = readRestorePoint(body);
  const ref = customerRefOf(params.customerId, query.external);
  const definitions = await currentDefinitions(database);
  for (let attempt = 1; ; attempt++) {
    const current =
      (await store.lockCustomer(database, ref)) ?? (await store.lockMissingCustomer(database, ref));
    const customerId = current?.id ?? params.customerId;
    const isKnown = current !== undefined || "id" in ref;
    const version = isKnown ? await findVersion(call, current, customerId, restorePoint) : null;
    if (!version) throw new Problem("CUSTOMER_NOT_FOUND");
    if (call.expectedVersion !== undefined && call.expectedVersion !== current?.version)
      throw new Problem("VERSION_MISMATCH");

    const row = await restoredRow(call, definitions, current, version, body);
    const candidates = await lockCandidates(database, lookupKeysOf(definitions, [row]));
    const options: PlanOptions = current
      ? { mode: "update", matchOn: ["id"] }
      : { mode: "create", matchOn: [] };
    const plan = planRows(definitions, [row], candidates, options, call.newId);
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
    if (!current)
      await database.batch([
        restoreBookings(call, [
          { customerId, deletionNumber: required(version.latest, "the latest change").number },
        ]),
      ]);
    return answerCustomer(
      definitions,
      required(await store.fetchRow(database, { id: customerId }), "the restored customer"),
    );
  }
};

type RestorePoint = { version: number } | { before: Date } | null;

function readRestorePoint({ version, as_of }: Body): RestorePoint {
  if (version !== undefined && as_of !== undefined)
    throw problemOf([
      bodyError("as_of", "REQUEST_INVALID", reason("EXCLUDED_BY_OTHER", { other: "version" })),
    ]);
  const before = readAsOf(as_of, "body");
  return version !== undefined ? { version } : before ? { before } : null;
}

/** The version to restore, the change that produced it, and the first and latest change. */
type FoundVersion = {
  state: PastState;
  number: number | null;
  latest: Moment | undefined;
  first: Moment | undefined;
};

/** Null when no such customer has ever existed. */
async function findVersion(
  { database }: Call,
  current: store.CustomerState | undefined,
  customerId: string,
  restorePoint: RestorePoint,
): Promise<FoundVersion | null> {
  const changeAt = (bound: RestorePoint) => lastChange(database, "customer", sql`${customerId}`, bound);
  const { last: latest, first } = await changeAt(null);
  const stateAtChange = async (number: number, at: Date): Promise<FoundVersion> => {
    const state = await stateAfter(database, { number, subjectId: customerId, at });
    return { state: required(state, "state"), number, latest, first };
  };
  const stateBefore = ({ number, at }: Moment) => stateAtChange(number - 1, at);
  if (!current && !latest) return null;
  if (restorePoint === null)
    return current
      ? { state: current, number: null, latest, first }
      : stateBefore(required(latest, "the deletion"));

  const { last } = await changeAt(restorePoint);
  const isFutureVersion =
    "version" in restorePoint && restorePoint.version > (current ?? required(latest, "latest")).version;
  if (isFutureVersion || !last || last.kind === "deleted") {
    const why = isFutureVersion ? reason("VERSION_UNKNOWN") : absence(last, first);
    throw problemOf([bodyError("version" in restorePoint ? "version" : "as_of", "VERSION_UNKNOWN", why)]);
  }
  return stateAtChange(last.number, last.at);
}

/** A row with every attribute of the restored version. */
async function restoredRow(
  { database }: Call,
  definitions: Definitions,
  current: store.CustomerState | undefined,
  { state, number, latest }: FoundVersion,
  { version: _version, as_of: _asOf, ...written }: Body,
): Promise<ParsedRow> {
  const restoreValues = await openValueRestorer(database, definitions, fieldKeysIn(state.values), number);
  const fields = restoreValues(state.values).filter(
    ({ field, stored }) => !isSameValue(stored, current?.values[field.key] ?? null),
  );
  const overrides = readRow(definitions, 0, written, { unknownFields: "error" });
  return {
    ...overrides,
    id: current?.id ?? null,
    ...(!current && {
      recreates: { id: state.id, version: required(latest, "latest").version },
    }),
    externalId: overrides.externalId === undefined ? state.externalId : overrides.externalId,
    importCustomerId:
      overrides.importCustomerId === undefined ? state.importCustomerId : overrides.importCustomerId,
    fields,
    tagIds: state.tagIds.filter((id) => definitions.tagNames.has(id)),
    bookerId: state.bookerId,
  };
}
