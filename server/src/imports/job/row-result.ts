import { type FieldError, rowErrorOf } from "@clientele/contract/errors";
import type { Static } from "@clientele/contract/formats";
import type { RowError } from "@clientele/contract/import-rows";
import type { RowOutcome } from "../../customers/plan.ts";
import type { Snapshot } from "../../customers/write.ts";

/** An error of a row. A row stored before errors had keys has none. */
export type StoredRowError = Static<typeof RowError>;

/** What became of one row, as it is kept: what is empty is left out. */
export type Result = {
  line: number;
  outcome: "created" | "updated" | "unchanged" | "deleted" | "failed";
  id: string | null;
  matchedBy?: string;
  errors?: StoredRowError[];
  warnings?: StoredRowError[];
  /** Of a row that failed: what it said, to be mended. */
  said?: readonly string[] | { record: unknown };
  /**
   * Of a dry run: the version that the plan rests on, null when the row makes the customer, 0 when an earlier row
   * does, none when an earlier row has changed it; and what would change.
   */
  version?: number | null;
  before?: Snapshot | null;
  after?: Snapshot | null;
};

/** @param placeOf what an error's path is called in the file: the heading of its column. */
export function resultOf(
  outcome: RowOutcome,
  line: number,
  said: Result["said"],
  placeOf: (path: string) => string,
): Result {
  const { fieldErrors, warnings, matchedBy } = outcome;
  const place = (fieldError: FieldError): StoredRowError => ({
    ...rowErrorOf(fieldError),
    path: placeOf(fieldError.path),
  });
  return {
    line,
    outcome: outcome.outcome,
    id: outcome.id,
    ...(matchedBy === null ? {} : { matchedBy }),
    ...(fieldErrors.length > 0
      ? { errors: fieldErrors.map(place), ...(said === undefined ? {} : { said }) }
      : {}),
    ...(warnings.length > 0 ? { warnings: warnings.map(place) } : {}),
  };
}

export const tallyOf = (results: readonly Result[]) => {
  const tally = { created: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0 };
  for (const { outcome } of results) tally[outcome]++;
  return tally;
};
