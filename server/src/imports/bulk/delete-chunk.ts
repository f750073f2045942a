import { reason } from "@clientele/contract/field-errors";
import type { Call } from "../../call.ts";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { deleteStatements } from "../../customers/delete-customers.ts";
import type { ParsedRow } from "../../customers/read-row.ts";
import type { CustomerState } from "../../customers/store.ts";
import { findCandidates, lockCandidates, snapshotOf } from "../../customers/write.ts";
import { required } from "../../validation/required.ts";
import type { Result } from "../job/row-result.ts";
import { refuseOutdated } from "../run/apply-plan.ts";

type LineOf = (at: number) => number;

/** Deletes the customers of a chunk. With a plan, throws PlanOutdated when one has changed. */
export async function removeChunk(
  call: Call,
  definitions: Definitions,
  importId: string,
  rows: readonly ParsedRow[],
  lineOf: LineOf,
  planned: readonly Result[] | undefined,
): Promise<Result[]> {
  const { customers } = await lockCandidates(call.database, { ids: idsOf(rows) });
  if (planned) await refuseOutdated(call.database, planned, new Set());
  if (customers.length > 0)
    await call.database.batch(deleteStatements(call, definitions, customers, { reason: "bulk", importId }));
  return resultsOf(rows, customers, lineOf, () => ({}));
}

/** Plans the deletion of the customers of a chunk. */
export async function planRemoval(call: Call, rows: readonly ParsedRow[], lineOf: LineOf): Promise<Result[]> {
  const wanted = { ids: idsOf(rows), externalIds: [], importCustomerIds: [], uniqueValues: [] };
  const { customers } = await findCandidates(call.database, wanted);
  return resultsOf(rows, customers, lineOf, (state) => ({
    version: state.version,
    before: snapshotOf(state),
    after: null,
  }));
}

const idsOf = (rows: readonly ParsedRow[]): string[] => rows.map(({ id }) => required(id, "id"));

function resultsOf(
  rows: readonly ParsedRow[],
  customers: readonly CustomerState[],
  lineOf: LineOf,
  plannedRow: (state: CustomerState) => Partial<Result>,
): Result[] {
  const byId = new Map(customers.map((state) => [state.id, state]));
  return rows.map(({ id }, at) => {
    const state = byId.get(required(id, "id"));
    const line = lineOf(at);
    if (state) return { line, outcome: "deleted", id: state.id, matchedBy: "id", ...plannedRow(state) };
    const fieldError = { path: "", code: "CUSTOMER_UNKNOWN", ...reason("CUSTOMER_UNKNOWN") } as const;
    return { line, outcome: "failed", id: null, errors: [fieldError] };
  });
}
