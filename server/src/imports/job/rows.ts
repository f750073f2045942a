import { pageOf } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/import-jobs";
import type { Operation } from "../../call.ts";
import { withDefinitions } from "../../custom-fields/definitions.ts";
import { type DisplayNames, diffEntries, loadDisplayNames } from "../../customers/history/customer-diff.ts";
import { required } from "../../validation/required.ts";
import { withPlannedFields } from "../columns/mapped-columns.ts";
import type { Result } from "./row-result.ts";
import * as store from "./store.ts";

type Outcome = Result["outcome"];

/** Counts are stored by chunk, so only the chunks of the page are read. */
export const listRows: Operation<typeof contract.listImportRows> = async (
  { database },
  { params, query },
) => {
  const { page, limit, offset } = pageOf(query);
  const job = await store.fetchJob(database, params.importId);
  if (!job) throw new Problem("IMPORT_NOT_FOUND");
  const counts = await store.chunkCounts(database, job.id);
  const { total, positions, before } = chunksOfPage(counts, query.outcome, offset, limit);
  if (positions.length === 0) return { data: [], total, page, limit };
  const rows = await store.listResults(database, job.id, {
    from: required(positions[0], "the first position"),
    to: required(positions.at(-1), "the last position"),
    outcome: query.outcome,
    offset: offset - before,
    limit,
  });
  const firstRows = firstRowsOf(counts);
  const data = await withDefinitions(database, async (stored) => {
    const definitions = withPlannedFields(stored, job.columns);
    const names = await loadDisplayNames(
      database,
      definitions,
      rows.map(({ result }) => result),
    );
    return rows.map(({ position, at, result }) =>
      answer(required(firstRows.get(position), "the chunk's first row") + at, result, names),
    );
  });
  return { data, total, page, limit };
};

/** The chunks that contain a page of rows with an outcome, and how many such rows precede them. */
function chunksOfPage(
  counts: readonly store.ChunkCount[],
  outcome: Outcome | undefined,
  offset: number,
  limit: number,
): { total: number; positions: number[]; before: number } {
  let total = 0;
  let before = 0;
  const positions: number[] = [];
  for (const count of counts) {
    const rows = outcome === undefined ? count.rows : count[outcome];
    if (rows > 0 && total < offset + limit && total + rows > offset) {
      if (positions.length === 0) before = total;
      positions.push(count.position);
    }
    total += rows;
  }
  return { total, positions, before };
}

/** Row numbers by chunk. Computed, because the first rows of an undo's chunks are those of its import. */
function firstRowsOf(counts: readonly store.ChunkCount[]): Map<number, number> {
  let first = 0;
  const firstRows = new Map<number, number>();
  for (const { position, rows } of counts) {
    firstRows.set(position, first);
    first += rows;
  }
  return firstRows;
}

const answer = (index: number, result: store.ListedResult, names: DisplayNames) => ({
  index,
  line: result.line,
  outcome: result.outcome,
  id: isOnlyPlanned(result) ? null : result.id,
  matchedBy: result.matchedBy ?? null,
  errors: result.errors ?? [],
  warnings: result.warnings ?? [],
  changes: diffEntries(result, names),
});

/** A customer that only the plan creates cannot be fetched, so its id is not shown. */
const isOnlyPlanned = ({ version }: store.ListedResult): boolean => version === null || version === 0;
