import { isDeepStrictEqual } from "node:util";
import { Problem } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { selectTakenExternalIds, selectVersions } from "../../customers/current-state.ts";
import type { Plan, RowOutcome } from "../../customers/plan.ts";
import { customerDiff, type Snapshot } from "../../customers/write.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import type { Result } from "../job/row-result.ts";
import type { StoredProblem } from "../job/store.ts";

const toldMax = 100;

/** The plan rests on records that are not as they were. */
export class PlanOutdated extends Error {
  readonly problem: StoredProblem;
  constructor(details: StoredProblem["details"]) {
    const { code, message } = new Problem("IMPORT_PLAN_OUTDATED");
    super(message);
    this.problem = { code, message, details: details.slice(0, toldMax) };
  }
}

const since = (line: number, why: Reason): StoredProblem["details"][number] => ({
  path: `line ${line}`,
  code: "CUSTOMER_CHANGED_SINCE",
  ...why,
});

const isOfStored = (version: Result["version"]): boolean => typeof version === "number" && version > 0;

/**
 * Compares the records that a chunk of a plan rests on with what is stored now: one look, nothing is written.
 * @param freed external ids that the plan takes from their customers, as far as its chunks were looked at.
 */
export async function refuseOutdated(
  database: EnterpriseDatabase,
  planned: readonly Result[],
  freed: Set<string>,
): Promise<void> {
  const { enterpriseId } = database;
  for (const { before } of planned) if (before?.externalId) freed.add(before.externalId);
  const based = planned.filter(({ id, version }) => id !== null && isOfStored(version));
  const made = planned.filter(
    ({ version, after }) =>
      version === null && typeof after?.externalId === "string" && !freed.has(after.externalId),
  );
  const versions = new Map(
    (
      await database.many(
        selectVersions(
          enterpriseId,
          based.map(({ id }) => id!),
        ),
      )
    ).map(({ id, version }) => [id, version]),
  );
  const taken = new Set(
    (
      await database.many(
        selectTakenExternalIds(
          enterpriseId,
          made.map(({ after }) => after!.externalId!),
        ),
      )
    ).map(({ externalId }) => externalId),
  );
  const details = [
    ...based
      .filter(({ id, version }) => versions.get(id!) !== version)
      .map(({ id, line }) =>
        since(
          line,
          versions.has(id!)
            ? reason("PLANNED_CUSTOMER_CHANGED", { customer: id! })
            : reason("PLANNED_CUSTOMER_DELETED", { customer: id! }),
        ),
      ),
    ...made
      .filter(({ after }) => taken.has(after!.externalId!))
      .map(({ line, after }) => since(line, reason("PLANNED_EXTERNAL_ID_TAKEN", { id: after!.externalId! }))),
  ];
  if (details.length > 0) throw new PlanOutdated(details);
}

/**
 * Makes a write perform one chunk of a plan: new customers get the ids that they have there, and what would become
 * of a row must be what was said.
 */
export function performing(planned: readonly Result[]): { newId: () => string; check: (plan: Plan) => void } {
  const ids = planned.filter(({ outcome }) => outcome === "created").map(({ id }) => id!);
  let made = 0;
  return {
    // Another row than those foreseen may want an id: the check then says so.
    newId: () => ids[made++] ?? "",
    check: ({ outcomes }) => {
      // A write that meets another one plans once more.
      made = 0;
      const details = outcomes.flatMap((outcome, at) => {
        const row = planned[at];
        return row && isAsPlanned(outcome, row) ? [] : [since(row?.line ?? 0, differs(outcome, row))];
      });
      if (details.length > 0) throw new PlanOutdated(details);
    },
  };
}

function isAsPlanned(outcome: RowOutcome, planned: Result): boolean {
  // It writes nothing, whoever it means: its customer may have come by the row as it was mended.
  if (outcome.outcome === "failed" && planned.outcome === "failed") return true;
  if (outcome.outcome !== planned.outcome || outcome.id !== planned.id) return false;
  if (outcome.after === null || outcome.outcome === "unchanged") return true;
  if (isOfStored(planned.version) && outcome.before?.version !== planned.version) return false;
  const { before, after } = customerDiff(outcome.before, outcome.after);
  return isSameSnapshot(before, planned.before) && isSameSnapshot(after, planned.after);
}

// What was kept as JSON has lost the attributes that are undefined.
const isSameSnapshot = (one: Snapshot | null, other: Snapshot | null | undefined): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one)), other ?? null);

function differs(outcome: RowOutcome, planned: Result | undefined): Reason {
  if (planned === undefined) return reason("ROW_NOT_PLANNED");
  if (outcome.outcome !== planned.outcome)
    return reason("PLANNED_OUTCOME_DIFFERS", { outcome: outcome.outcome, planned: planned.outcome });
  return reason("PLANNED_CUSTOMER_CHANGED", { customer: planned.id ?? "" });
}
