import type { Definitions } from "../../custom-fields/definitions.ts";
import type { CustomerState } from "../store.ts";
import type { Snapshot } from "../write.ts";

type Taken = { kind?: string; before: Snapshot | null };

/** What a customer was before changes, the newest first: each is taken back. Null when there was none. */
export function takenBack(now: CustomerState | null, changes: readonly Taken[]): CustomerState | null {
  let state = now;
  for (const { kind, before } of changes) {
    if (kind === "created") state = null;
    else if (kind === "deleted") state = { ...gone, ...before } as CustomerState;
    else if (state !== null)
      state = { ...state, ...before, values: valuesBefore(state.values, before?.values) };
  }
  return state;
}

const gone = { id: "", totalBookings: 0, version: 0 };

function valuesBefore(values: CustomerState["values"], before: Snapshot["values"] = {}) {
  const merged: Record<string, unknown> = { ...values, ...before };
  for (const [fieldId, value] of Object.entries(merged)) if (value === null) delete merged[fieldId];
  return merged as CustomerState["values"];
}

/** The customer as it was before changes, oldest first. Values of fields that are gone stay gone, and tags too. */
export function restored(
  definitions: Definitions,
  state: CustomerState,
  changes: readonly Taken[],
): CustomerState {
  return withoutGone(definitions, takenBack(state, changes.toReversed())!);
}

const withoutGone = ({ byId, tagNames }: Definitions, state: CustomerState): CustomerState => ({
  ...state,
  tagIds: state.tagIds.filter((id) => tagNames.has(id)),
  values: Object.fromEntries(Object.entries(state.values).filter(([fieldId]) => byId.has(fieldId))),
});
