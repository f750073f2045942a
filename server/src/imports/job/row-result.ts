import { type FieldError, rowErrorOf } from "@clientele/contract/errors";
import type { Static } from "@clientele/contract/formats";
import type { RowError } from "@clientele/contract/import-rows";
import type { RowOutcome } from "../../customers/plan.ts";
import type { Snapshot } from "../../customers/write.ts";

/** An error of a row. A row stored before errors had keys has none. */
export type StoredRowError = Static<typeof RowError>;

/** The result of one row, as stored: empty attributes are omitted. */
export type Result = {
  line: number;
  outcome: "created" | "updated" | "unchanged" | "deleted" | "failed";
  id: string | null;
  matchedBy?: string;
  errors?: StoredRowError[];
  warnings?: StoredRowError[];
  /** The content of a failed row, for the file of errors. */
  said?: readonly string[] | { record: unknown };
  /**
   * Of a dry run: the version that the plan is based on, null when the row creates the customer, 0 when an earlier row
   * does, absent when an earlier row changes it; and the change.
   */
  version?: number | null;
  before?: Snapshot | null;
  after?: Snapshot | null;
};

/** @param placeOf names an error's path by the heading of its column. */
export function resultOf(
  outcome: RowOutcome,
  line: number,
  input: Result["said"],
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
      ? { errors: fieldErrors.map(place), ...(input === undefined ? {} : { said: input }) }
      : {}),
    ...(warnings.length > 0 ? { warnings: warnings.map(place) } : {}),
  };
}

export const tallyOf = (results: readonly Result[]) => {
  const tally = { created: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0 };
  for (const { outcome } of results) tally[outcome]++;
  return tally;
};
