import type { ErrorCode } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Call } from "../../call.ts";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { uniqueKey } from "../../custom-fields/values/unique-key.ts";
import { deleteStatements } from "../../customers/delete-customers.ts";
import { revertedState } from "../../customers/history/revert.ts";
import type { PlannedCustomer } from "../../customers/plan.ts";
import type { CustomerState } from "../../customers/store.ts";
import { lockCandidates, type Snapshot, uniqueValuesOf, writePlan } from "../../customers/write.ts";
import { changesSince } from "../../journal/changes.ts";
import { required } from "../../validation/required.ts";
import type { Result } from "../job/row-result.ts";

/** `failedIds`: customers that a later chunk has reported already. */
type UndoTarget = { importId: string; undoId: string; failedIds: ReadonlySet<string> };
type ReportedError = NonNullable<Result["errors"]>[number];

/**
 * Reverts an import for the customers of a chunk: restores those it updated and deletes those it created. Customers that
 * changed since are kept and reported. Those that a later chunk wrote too were handled with that chunk.
 */
export async function undoChunk(
  call: Call,
  definitions: Definitions,
  { importId, undoId, failedIds }: UndoTarget,
  rows: readonly Result[],
): Promise<Result[]> {
  const lines = new Map<string, number>();
  for (const row of rows)
    if (row.id !== null && isWritten(row) && !lines.has(row.id) && !failedIds.has(row.id))
      lines.set(row.id, row.line);
  const ids = [...lines.keys()];
  if (ids.length === 0) return [];
  const { customers } = await lockCandidates(call.database, { ids });
  const current = new Map(customers.map((state) => [state.id, state]));
  const history = Map.groupBy(
    await changesSince<Snapshot>(call.database, "customer", ids, importId),
    ({ subjectId }) => subjectId,
  );

  const results: Result[] = [];
  const removed: CustomerState[] = [];
  const written: PlannedCustomer[] = [];
  const keep = (id: string, why: Reason, code: ReportedError["code"] = "CUSTOMER_CHANGED_SINCE") =>
    results.push({
      line: required(lines.get(id), "the line of the customer"),
      outcome: "failed",
      id,
      errors: [{ path: "", code, ...why }],
    });
  for (const id of ids) {
    const changes = history.get(id) ?? [];
    if (changes.some((change) => change.importId === undoId)) continue;
    const state = current.get(id);
    if (state === undefined) keep(id, reason("DELETED_SINCE"));
    else if (changes.length === 0) keep(id, reason("HISTORY_GONE"));
    else if (changes.some((change) => change.importId !== importId)) keep(id, reason("CHANGED_SINCE"));
    else if (changes[0]?.kind !== "created")
      written.push({
        before: state,
        after: revertedState(definitions, state, changes),
        index: required(lines.get(id), "the line of the customer"),
      });
    else if (state.totalBookings > 0) keep(id, reason("BOOKED_SINCE"));
    else removed.push(state);
  }

  const holders = await holdersOf(call, definitions, written, removed);
  const back = written.filter(({ before, after }) => {
    const fieldError = holders(required(before, "before"), after);
    if (fieldError) keep(after.id, fieldError, fieldError.code);
    return fieldError === null;
  });
  if (removed.length > 0)
    await call.database.batch(
      deleteStatements(call, definitions, removed, { reason: "undo", importId: undoId }),
    );
  if (back.length > 0)
    await writePlan(call, definitions, { written: back }, { reason: "undo", importId: undoId });
  for (const { id } of removed)
    results.push({ line: required(lines.get(id), "the line of the customer"), outcome: "deleted", id });
  for (const { after } of back)
    results.push({
      line: required(lines.get(after.id), "the line of the customer"),
      outcome: "updated",
      id: after.id,
    });
  return results.sort((one, other) => one.line - other.line);
}

/** Rows that were only planned have `after`. */
const isWritten = ({ outcome, after }: Result): boolean =>
  (outcome === "created" || outcome === "updated") && after === undefined;

/** Returns the error when another customer holds an id or unique value that is to be restored. */
async function holdersOf(
  call: Call,
  definitions: Definitions,
  written: readonly PlannedCustomer[],
  removed: readonly CustomerState[],
): Promise<
  (before: CustomerState, after: CustomerState) => ({ code: ReportedError["code"] } & Reason) | null
> {
  const wanted = written.map(({ after }) => after);
  const named = (pick: (state: CustomerState) => string | null) =>
    wanted.map(pick).filter((name) => name !== null);
  const known = await lockCandidates(call.database, {
    externalIds: named((state) => state.externalId),
    importCustomerIds: named((state) => state.importCustomerId),
    uniqueValues: wanted.flatMap((state) => uniqueValuesOf(definitions, state)),
  });
  // Customers of the same step give up their present ids and values.
  const reverted = new Set([...wanted, ...removed].map(({ id }) => id));
  const others = known.customers.filter(({ id }) => !reverted.has(id));
  const byExternalId = new Map(others.map(({ externalId, id }) => [externalId, id]));
  const byImportId = new Map(others.map(({ importCustomerId, id }) => [importCustomerId, id]));
  const byValue = new Map(
    known.taken
      .filter(({ customerId }) => !reverted.has(customerId))
      .map(({ fieldKey, key, customerId }) => [`${fieldKey} ${key}`, customerId]),
  );
  return (_before, after) => {
    const takenBy = (id: string | undefined, code: ErrorCode) =>
      id === undefined ? null : { code, ...reason("FORMER_VALUE_TAKEN", { customer: id }) };
    const value = definitions.fields
      .map((field) => [field.key, uniqueKey(field, after.values[field.key])] as const)
      .map(([fieldKey, key]) => (key === null ? undefined : byValue.get(`${fieldKey} ${key}`)))
      .find((id) => id !== undefined);
    return (
      (after.externalId === null ? null : takenBy(byExternalId.get(after.externalId), "EXTERNAL_ID_TAKEN")) ??
      (after.importCustomerId === null
        ? null
        : takenBy(byImportId.get(after.importCustomerId), "IMPORT_ID_TAKEN")) ??
      takenBy(value, "FIELD_VALUE_TAKEN")
    );
  };
}
