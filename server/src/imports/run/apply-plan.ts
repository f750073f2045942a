import { isDeepStrictEqual } from "node:util";
import { Problem } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { fieldEntriesOf } from "../../custom-fields/values/field-key.ts";
import { selectTakenExternalIds, selectVersions } from "../../customers/current-state.ts";
import type { Plan, RowOutcome } from "../../customers/plan.ts";
import { customerDiff, type Snapshot } from "../../customers/write.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { required } from "../../validation/required.ts";
import type { Result } from "../job/row-result.ts";
import type { StoredProblem } from "../job/store.ts";

const detailsMax = 100;

/** Customers that the plan is based on have changed. */
export class PlanOutdated extends Error {
  readonly problem: StoredProblem;
  constructor(details: StoredProblem["details"]) {
    const { code, message } = new Problem("IMPORT_PLAN_OUTDATED");
    super(message);
    this.problem = { code, message, details: details.slice(0, detailsMax) };
  }
}

const changedSince = (line: number, why: Reason): StoredProblem["details"][number] => ({
  path: `line ${line}`,
  code: "CUSTOMER_CHANGED_SINCE",
  ...why,
});

const isOfStored = (version: Result["version"]): boolean => typeof version === "number" && version > 0;

/**
 * Throws PlanOutdated when customers that a chunk of a plan is based on have changed.
 * @param releasedIds external ids that the chunks so far take from their customers; it is extended.
 */
export async function refuseOutdated(
  database: EnterpriseDatabase,
  planned: readonly Result[],
  releasedIds: Set<string>,
): Promise<void> {
  const { enterpriseId } = database;
  for (const { before } of planned) if (before?.externalId) releasedIds.add(before.externalId);
  const existing = planned.filter(({ id, version }) => id !== null && isOfStored(version));
  const created = planned.filter(
    ({ version, after }) =>
      version === null && typeof after?.externalId === "string" && !releasedIds.has(after.externalId),
  );
  const versions = new Map(
    (
      await database.many(
        selectVersions(
          enterpriseId,
          existing.map(({ id }) => required(id, "id")),
        ),
      )
    ).map(({ id, version }) => [id, version]),
  );
  const taken = new Set(
    (
      await database.many(
        selectTakenExternalIds(
          enterpriseId,
          created.map(({ after }) => required(required(after, "after").externalId, "the external id")),
        ),
      )
    ).map(({ externalId }) => externalId),
  );
  const details = [
    ...existing
      .filter(({ id, version }) => versions.get(required(id, "id")) !== version)
      .map(({ id, line }) =>
        changedSince(
          line,
          versions.has(required(id, "id"))
            ? reason("PLANNED_CUSTOMER_CHANGED", { customer: required(id, "id") })
            : reason("PLANNED_CUSTOMER_DELETED", { customer: required(id, "id") }),
        ),
      ),
    ...created
      .filter(({ after }) => taken.has(required(required(after, "after").externalId, "the external id")))
      .map(({ line, after }) =>
        changedSince(
          line,
          reason("PLANNED_EXTERNAL_ID_TAKEN", {
            id: required(required(after, "after").externalId, "the external id"),
          }),
        ),
      ),
  ];
  if (details.length > 0) throw new PlanOutdated(details);
}

/**
 * Options that make a write follow one chunk of a plan: new customers get its ids, and each outcome must match.
 * @param definitions with the fields that the plan creates, by their keys in the plan.
 */
export function followPlan(
  definitions: Definitions,
  planned: readonly Result[],
): { newId: () => string; check: (plan: Plan) => void } {
  const ids = planned.filter(({ outcome }) => outcome === "created").map(({ id }) => required(id, "id"));
  let createdCount = 0;
  return {
    // A row that the plan did not create gets an empty id; `check` then refuses the write.
    newId: () => ids[createdCount++] ?? "",
    check: ({ outcomes }) => {
      // A write that loses a race plans again.
      createdCount = 0;
      const details = outcomes.flatMap((outcome, at) => {
        const row = planned[at];
        return row && isAsPlanned(definitions, outcome, row)
          ? []
          : [changedSince(row?.line ?? 0, differenceReason(outcome, row))];
      });
      if (details.length > 0) throw new PlanOutdated(details);
    },
  };
}

function isAsPlanned(definitions: Definitions, outcome: RowOutcome, planned: Result): boolean {
  // A failed row writes nothing, so its customer may differ.
  if (outcome.outcome === "failed" && planned.outcome === "failed") return true;
  if (outcome.outcome !== planned.outcome || outcome.id !== planned.id) return false;
  if (outcome.after === null || outcome.outcome === "unchanged") return true;
  if (isOfStored(planned.version) && outcome.before?.version !== planned.version) return false;
  const { before, after } = customerDiff(outcome.before, outcome.after);
  const current = (snapshot: Snapshot | null = null) => withCurrentKeys(definitions, snapshot);
  return isSameSnapshot(before, current(planned.before)) && isSameSnapshot(after, current(planned.after));
}

// The stored JSON has no undefined attributes.
const isSameSnapshot = (one: Snapshot | null, other: Snapshot | null): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one)), other);

/** The fields that the plan creates have other keys in it. */
function withCurrentKeys({ byKey }: Definitions, snapshot: Snapshot | null): Snapshot | null {
  if (!snapshot?.values) return snapshot;
  const entries = fieldEntriesOf(snapshot.values).map(([key, value]) => [byKey.get(key)?.key ?? key, value]);
  return { ...snapshot, values: Object.fromEntries(entries) };
}

function differenceReason(outcome: RowOutcome, planned: Result | undefined): Reason {
  if (planned === undefined) return reason("ROW_NOT_PLANNED");
  if (outcome.outcome !== planned.outcome)
    return reason("PLANNED_OUTCOME_DIFFERS", { outcome: outcome.outcome, planned: planned.outcome });
  return reason("PLANNED_CUSTOMER_CHANGED", { customer: planned.id ?? "" });
}
