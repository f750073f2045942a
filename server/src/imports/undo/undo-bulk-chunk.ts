import { rowErrorOf } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Call } from "../../call.ts";
import { type Definitions, fieldIdOf } from "../../custom-fields/definitions.ts";
import { fieldEntriesOf } from "../../custom-fields/values/field-key.ts";
import type { StoredValue } from "../../custom-fields/values/value.ts";
import { withCreatedStates } from "../../customers/history/past-states.ts";
import { recreateCustomers } from "../../customers/history/recreate.ts";
import type { RowOutcome } from "../../customers/plan.ts";
import { emptyRow, type FieldWrite, type ParsedRow } from "../../customers/read-row.ts";
import { lockCandidates, type Snapshot, writeRows } from "../../customers/write.ts";
import { changesSince } from "../../journal/changes.ts";
import { required } from "../../validation/required.ts";
import type { Result } from "../job/row-result.ts";

type UndoTarget = { importId: string; undoId: string; failedIds: ReadonlySet<string> };
type Change = Awaited<ReturnType<typeof changesSince<Snapshot>>>[number];
type ReportedError = NonNullable<Result["errors"]>[number];

/**
 * Reverts a bulk change for the customers of a chunk: each value and tag that nobody changed since. Deleted customers
 * are recreated with their bookings. Returns what could not be reverted as errors and warnings.
 */
export async function undoBulkChunk(
  call: Call,
  definitions: Definitions,
  { importId, undoId, failedIds }: UndoTarget,
  done: readonly Result[],
): Promise<Result[]> {
  const lines = new Map<string, number>();
  for (const { id, outcome, after, line } of done)
    if (
      id !== null &&
      (outcome === "updated" || outcome === "deleted") &&
      after === undefined &&
      !failedIds.has(id)
    )
      lines.set(id, line);
  const ids = [...lines.keys()];
  if (ids.length === 0) return [];
  // Locked, so that the history does not change before the write.
  await lockCandidates(call.database, { ids });
  const changes = await withCreatedStates(
    call.database,
    await changesSince<Snapshot>(call.database, "customer", ids, importId),
  );
  const history = Map.groupBy(changes, ({ subjectId }) => subjectId);
  const results: Result[] = [];
  const failed = (id: string, errors: ReportedError[]) =>
    results.push({
      line: required(lines.get(id), "the line of the customer"),
      outcome: "failed",
      id,
      errors,
    });

  const rows: ParsedRow[] = [];
  const warningsById = new Map<string, ReportedError[]>();
  const deleted: { customerId: string; deletion: Change }[] = [];
  for (const id of ids) {
    const [own, ...changesAfter] = history.get(id) ?? [];
    if (changesAfter.some((change) => change.importId === undoId)) continue;
    if (own === undefined) failed(id, [changedSince("", reason("HISTORY_GONE"))]);
    else if (own.kind === "deleted") {
      if (changesAfter.length === 0) deleted.push({ customerId: id, deletion: own });
      else failed(id, [changedSince("", reason("RECREATED_SINCE"))]);
    } else if (changesAfter.at(-1)?.kind === "deleted")
      failed(id, [changedSince("", reason("DELETED_SINCE"))]);
    else {
      const { row, warnings } = revertingRow(definitions, own, changesAfter);
      if (row === null) failed(id, warnings);
      else {
        warningsById.set(id, warnings);
        rows.push({ ...row, index: required(lines.get(id), "the line of the customer") });
      }
    }
  }

  const writing = { reason: "undo" as const, importId: undoId };
  const back = await writeRows(call, definitions, rows, { mode: "update", matchOn: ["id"], ...writing });
  for (const [at, outcome] of back.plan.outcomes.entries()) {
    const id = required(required(rows[at], "the row").id, "the row's customer id");
    results.push(
      resultOf(
        outcome,
        id,
        required(lines.get(id), "the line of the customer"),
        required(warningsById.get(id), "the warnings of the customer"),
      ),
    );
  }
  const recreated = await recreateCustomers(
    call,
    definitions,
    deleted.map(({ customerId, deletion }) => ({
      customerId,
      deletionNumber: deletion.number,
      version: deletion.version,
      snapshot: required(deletion.before, "the deleted customer's snapshot"),
    })),
    writing,
  );
  for (const [at, outcome] of recreated.entries()) {
    const id = required(deleted[at], "the deletion").customerId;
    results.push(resultOf(outcome, id, required(lines.get(id), "the line of the customer"), []));
  }
  return results.sort((one, other) => one.line - other.line);
}

const changedSince = (path: string, why: Reason): ReportedError => ({
  path,
  code: "CUSTOMER_CHANGED_SINCE",
  ...why,
});

function resultOf(
  { outcome, fieldErrors }: RowOutcome,
  id: string,
  line: number,
  warnings: ReportedError[],
): Result {
  const errors = fieldErrors.map(rowErrorOf);
  return {
    line,
    outcome,
    id,
    ...(errors.length > 0 ? { errors } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** The row that reverts a change, and warnings about what it cannot revert; null when that is everything. */
function revertingRow(
  definitions: Definitions,
  { subjectId, before, after }: Change,
  changesAfter: readonly Change[],
): { row: ParsedRow | null; warnings: ReportedError[] } {
  const warnings: ReportedError[] = [];
  const fields: FieldWrite[] = [];
  for (const [key, stored] of fieldEntriesOf(before?.values ?? {})) {
    const field = definitions.byKey.get(key);
    const path = `fields.${fieldIdOf(definitions, key)}`;
    const isTouched = changesAfter.some(
      (change) => key in { ...change.before?.values, ...change.after?.values },
    );
    if (isTouched || field === undefined) warnings.push(changedSince(path, reason("CHANGED_SINCE")));
    else fields.push({ field, stored: stored as StoredValue, path });
  }
  const tags = tagsBetween(before, after);
  const touched = new Set(
    changesAfter.flatMap((change) => Object.values(tagsBetween(change.before, change.after)).flat()),
  );
  const isFree = (id: string) => definitions.tagNames.has(id) && !touched.has(id);
  const tagChange = { added: tags.lost.filter(isFree), removed: tags.gained.filter(isFree) };
  const changedTags = [...tags.lost, ...tags.gained].filter((id) => touched.has(id));
  if (changedTags.length > 0) warnings.push(changedSince("tags", reason("CHANGED_SINCE")));
  if (fields.length + tagChange.added.length + tagChange.removed.length === 0 && warnings.length > 0)
    return { row: null, warnings };
  return { row: { ...emptyRow, id: subjectId, fields, tagChange, ignoreMandatory: true }, warnings };
}

function tagsBetween(before: Snapshot | null, after: Snapshot | null): { lost: string[]; gained: string[] } {
  const [was, is] = [before?.tagIds ?? [], after?.tagIds ?? []];
  return {
    lost: was.filter((id) => !is.includes(id)),
    gained: is.filter((id) => !was.includes(id)),
  };
}
