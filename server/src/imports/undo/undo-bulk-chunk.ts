import { rowErrorOf } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Call } from "../../call.ts";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { recreateCustomers } from "../../customers/history/recreate.ts";
import type { RowOutcome } from "../../customers/plan.ts";
import { emptyRow, type FieldWrite, type ParsedRow } from "../../customers/read-row.ts";
import { lockCandidates, type Snapshot, writeRows } from "../../customers/write.ts";
import { changesSince } from "../../journal/changes.ts";
import type { Result } from "../job/row-result.ts";

type Undone = { importId: string; undoId: string; kept: ReadonlySet<string> };
type Change = Awaited<ReturnType<typeof changesSince<Snapshot>>>[number];
type Told = NonNullable<Result["errors"]>[number];

/**
 * Takes back what a bulk change did to the customers of a chunk: each value and each tag by itself, where nobody has
 * changed it since. Deleted customers come back, with their bookings. What stays is told of.
 */
export async function undoBulkChunk(
  call: Call,
  definitions: Definitions,
  { importId, undoId, kept }: Undone,
  done: readonly Result[],
): Promise<Result[]> {
  const lines = new Map<string, number>();
  for (const { id, outcome, after, line } of done)
    if (
      id !== null &&
      (outcome === "updated" || outcome === "deleted") &&
      after === undefined &&
      !kept.has(id)
    )
      lines.set(id, line);
  const ids = [...lines.keys()];
  if (ids.length === 0) return [];
  // Nobody changes them between the look and the write.
  await lockCandidates(call.database, { ids });
  const changes = await changesSince<Snapshot>(call.database, "customer", ids, importId);
  const history = Map.groupBy(changes, ({ subjectId }) => subjectId);
  const results: Result[] = [];
  const failed = (id: string, errors: Told[]) =>
    results.push({ line: lines.get(id)!, outcome: "failed", id, errors });

  const rows: ParsedRow[] = [];
  const stays = new Map<string, Told[]>();
  const gone: { customerId: string; deletion: Change }[] = [];
  for (const id of ids) {
    const [own, ...since] = history.get(id) ?? [];
    if (since.some((change) => change.importId === undoId)) continue;
    if (own === undefined) failed(id, [changedSince("", reason("HISTORY_GONE"))]);
    else if (own.kind === "deleted") {
      if (since.length === 0) gone.push({ customerId: id, deletion: own });
      else failed(id, [changedSince("", reason("RECREATED_SINCE"))]);
    } else if (since.at(-1)?.kind === "deleted") failed(id, [changedSince("", reason("DELETED_SINCE"))]);
    else {
      const { row, told } = rowBack(definitions, own, since);
      if (row === null) failed(id, told);
      else {
        stays.set(id, told);
        rows.push({ ...row, index: lines.get(id)! });
      }
    }
  }

  const writing = { reason: "undo" as const, importId: undoId };
  const back = await writeRows(call, definitions, rows, { mode: "update", matchOn: ["id"], ...writing });
  for (const [at, outcome] of back.plan.outcomes.entries()) {
    const id = rows[at]!.id!;
    results.push(resultOf(outcome, id, lines.get(id)!, stays.get(id)!));
  }
  const returned = await recreateCustomers(
    call,
    definitions,
    gone.map(({ customerId, deletion }) => ({
      customerId,
      deletionId: deletion.id,
      version: deletion.version,
      snapshot: deletion.before!,
    })),
    writing,
  );
  for (const [at, outcome] of returned.entries()) {
    const id = gone[at]!.customerId;
    results.push(resultOf(outcome, id, lines.get(id)!, []));
  }
  return results.sort((one, other) => one.line - other.line);
}

const changedSince = (path: string, why: Reason): Told => ({
  path,
  code: "CUSTOMER_CHANGED_SINCE",
  ...why,
});

function resultOf({ outcome, fieldErrors }: RowOutcome, id: string, line: number, warnings: Told[]): Result {
  const errors = fieldErrors.map(rowErrorOf);
  return {
    line,
    outcome,
    id,
    ...(errors.length > 0 ? { errors } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** What is to be written so that a change is as if it had not been, and what stays. Null when all of it does. */
function rowBack(
  definitions: Definitions,
  { subjectId, before, after }: Change,
  since: readonly Change[],
): { row: ParsedRow | null; told: Told[] } {
  const told: Told[] = [];
  const fields: FieldWrite[] = [];
  for (const [fieldId, stored] of Object.entries(before?.values ?? {})) {
    const field = definitions.byId.get(fieldId);
    const path = `fields.${fieldId}`;
    const isTouched = since.some(
      (change) => fieldId in { ...change.before?.values, ...change.after?.values },
    );
    if (isTouched || field === undefined) told.push(changedSince(path, reason("CHANGED_SINCE")));
    else fields.push({ field, stored: stored as never, path });
  }
  const tags = tagsBetween(before, after);
  const touched = new Set(
    since.flatMap((change) => Object.values(tagsBetween(change.before, change.after)).flat()),
  );
  const isFree = (id: string) => definitions.tagNames.has(id) && !touched.has(id);
  const tagChange = { added: tags.lost.filter(isFree), removed: tags.gained.filter(isFree) };
  const tagsStaying = [...tags.lost, ...tags.gained].filter((id) => touched.has(id));
  if (tagsStaying.length > 0) told.push(changedSince("tags", reason("CHANGED_SINCE")));
  if (fields.length + tagChange.added.length + tagChange.removed.length === 0 && told.length > 0)
    return { row: null, told };
  return { row: { ...emptyRow, id: subjectId, fields, tagChange, ignoreMandatory: true }, told };
}

function tagsBetween(before: Snapshot | null, after: Snapshot | null): { lost: string[]; gained: string[] } {
  const [was, is] = [before?.tagIds ?? [], after?.tagIds ?? []];
  return {
    lost: was.filter((id) => !is.includes(id)),
    gained: is.filter((id) => !was.includes(id)),
  };
}
