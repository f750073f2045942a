import type { Call } from "../../call.ts";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { planRows, type RowOutcome } from "../../customers/plan.ts";
import type { ParsedRow } from "../../customers/read-row.ts";
import { customerDiff, findCandidates, lookupKeysOf, uniqueValuesOf } from "../../customers/write.ts";
import type { ImportOptions } from "../job/options.ts";
import type { Result } from "../job/row-result.ts";
import { keepPlanned, overlay } from "./planned-customers.ts";

/** What a planned row rests on and what it would change. */
export type Foreseen = Pick<Result, "version" | "before" | "after">;

/**
 * Says what a chunk of rows would do after those before it, and does none of it. What the chunk makes of customers
 * is kept beside the plan, for the rows that follow.
 */
export async function planChunk(
  call: Call,
  importId: string,
  definitions: Definitions,
  rows: readonly ParsedRow[],
  options: ImportOptions,
): Promise<{ outcomes: RowOutcome[]; foreseen: (outcome: RowOutcome) => Foreseen }> {
  const { database } = call;
  const sought = lookupKeysOf(definitions, rows);
  const known = await overlay(database, importId, sought, await findCandidates(database, sought));
  const { outcomes, written } = planRows(definitions, rows, known, options, call.newId);
  if (written.length > 0) {
    // 0 is the version of a customer that there is by the plan alone.
    const states = written.map(({ before, after }) => ({ ...after, version: before?.version ?? 0 }));
    const values = states.flatMap((state) => uniqueValuesOf(definitions, state));
    await database.batch(keepPlanned(database.enterpriseId, importId, states, values));
  }
  return { outcomes, foreseen: (outcome) => foreseenOf(outcome, known.planned) };
}

/** @param planned customers that are not as they are stored: no stored version tells of them. */
function foreseenOf({ outcome, before, after }: RowOutcome, planned: ReadonlySet<string>): Foreseen {
  if (after === null) return {};
  const isChanged = before !== null && before.version > 0 && planned.has(before.id);
  return {
    ...(isChanged ? {} : { version: before?.version ?? null }),
    ...(outcome === "unchanged" ? {} : customerDiff(before, after)),
  };
}
