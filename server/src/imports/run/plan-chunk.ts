import type { Call } from "../../call.ts";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { planRows, type RowOutcome } from "../../customers/plan.ts";
import type { ParsedRow } from "../../customers/read-row.ts";
import { customerDiff, findCandidates, lookupKeysOf, uniqueValuesOf } from "../../customers/write.ts";
import type { ImportOptions } from "../job/options.ts";
import type { Result } from "../job/row-result.ts";
import { overlay, storePlanned } from "./planned-customers.ts";

/** The version that a planned row is based on, and its changes. */
export type PlannedRow = Pick<Result, "version" | "before" | "after">;

/**
 * Plans a chunk of rows on top of the chunks before it, without writing customers. Their planned states are stored for
 * the rows that follow.
 */
export async function planChunk(
  call: Call,
  importId: string,
  definitions: Definitions,
  rows: readonly ParsedRow[],
  options: ImportOptions,
): Promise<{ outcomes: RowOutcome[]; plannedRow: (outcome: RowOutcome) => PlannedRow }> {
  const { database } = call;
  const wanted = lookupKeysOf(definitions, rows);
  const known = await overlay(database, importId, wanted, await findCandidates(database, wanted));
  const { outcomes, written } = planRows(definitions, rows, known, options, call.newId);
  if (written.length > 0) {
    // Version 0 means that only the plan creates the customer.
    const states = written.map(({ before, after }) => ({ ...after, version: before?.version ?? 0 }));
    const values = states.flatMap((state) => uniqueValuesOf(definitions, state));
    await database.batch(storePlanned(database.enterpriseId, importId, states, values));
  }
  return { outcomes, plannedRow: (outcome) => plannedRowOf(outcome, known.planned) };
}

/** @param planned customers that earlier rows of the plan change, so that no stored version applies. */
function plannedRowOf({ outcome, before, after }: RowOutcome, planned: ReadonlySet<string>): PlannedRow {
  if (after === null) return {};
  const isChanged = before !== null && before.version > 0 && planned.has(before.id);
  return {
    ...(isChanged ? {} : { version: before?.version ?? null }),
    ...(outcome === "unchanged" ? {} : customerDiff(before, after)),
  };
}
