import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import type { Subject } from "../../journal/append.ts";
import { type MomentOfRecord, selectLaterChanges } from "../../journal/later-changes.ts";
import { selectRecordedStates } from "../current-state.ts";
import type { RecordedState } from "../store.ts";
import type { Snapshot } from "../write.ts";
import { revertChanges } from "./revert.ts";

// A statement on customers that were changed every day for a year stays below the statement timeout.
const momentsPerStatement = 2_500;

/** The customers right after changes, in the order of the moments: the current ones with all later changes reverted. */
export async function statesAfter(
  database: EnterpriseDatabase,
  moments: readonly MomentOfRecord[],
): Promise<(RecordedState | null)[]> {
  const states: (RecordedState | null)[] = [];
  for (let at = 0; at < moments.length; at += momentsPerStatement)
    states.push(...(await readStates(database, moments.slice(at, at + momentsPerStatement))));
  return states;
}

/** Reads current customers first, so that a change committed in between is reverted to no effect instead of missed. */
async function readStates(
  database: EnterpriseDatabase,
  moments: readonly MomentOfRecord[],
): Promise<(RecordedState | null)[]> {
  const ids = [...new Set(moments.map(({ subjectId }) => subjectId))];
  const [current, later] = await database.batch([
    selectRecordedStates(database.enterpriseId, ids),
    selectLaterChanges<Snapshot>(database, "customer", moments),
  ]);
  const currentById = new Map(current.map(({ id, ...state }) => [id, state]));
  const laterByNumber = new Map(later.map((changes) => [changes.number, changes]));
  return moments.map(({ number, subjectId }) => {
    const changes = laterByNumber.get(number);
    return revertChanges(currentById.get(subjectId) ?? null, changes ? [changes] : []);
  });
}

type JournalEntry = {
  number: number;
  subject: Subject;
  subjectId: string;
  kind: string;
  at: Date;
  after: object | null;
};

/**
 * The changes with the `after` of created customers, which the journal does not store: it would be a second copy of most
 * customers.
 */
export async function withCreatedStates<Change extends JournalEntry>(
  database: EnterpriseDatabase,
  changes: readonly Change[],
): Promise<Change[]> {
  const creations = changes.filter(({ kind, subject }) => kind === "created" && subject === "customer");
  const states = await statesAfter(database, creations);
  const stateOf = new Map(creations.map((creation, index) => [creation, states[index] ?? null]));
  return changes.map((change) => {
    const after = stateOf.get(change);
    return after === undefined ? change : { ...change, after };
  });
}
