import type { Definitions } from "../../custom-fields/definitions.ts";
import { type FieldKey, fieldEntriesOf } from "../../custom-fields/values/field-key.ts";
import { required } from "../../validation/required.ts";
import type { CustomerState } from "../store.ts";
import type { Snapshot } from "../write.ts";

type RevertedChange = { kind?: string; before: Snapshot | null };

/** The customer before `changes`, which are ordered newest first; null when it did not exist. */
export function revertChanges(
  current: CustomerState | null,
  changes: readonly RevertedChange[],
): CustomerState | null {
  let state = current;
  for (const { kind, before } of changes) {
    if (kind === "created") state = null;
    else if (kind === "deleted") state = { ...emptyState, ...before } as CustomerState;
    else if (state !== null)
      state = { ...state, ...before, values: valuesBefore(state.values, before?.values) };
  }
  return state;
}

const emptyState = { id: "", totalBookings: 0, version: 0 };

function valuesBefore(values: CustomerState["values"], before: Snapshot["values"] = {}) {
  const merged: Record<FieldKey, unknown> = { ...values, ...before };
  for (const [key, value] of fieldEntriesOf(merged)) if (value === null) delete merged[key];
  return merged as CustomerState["values"];
}

/** The customer before `changes`, which are ordered oldest first, without deleted fields and tags. */
export function revertedState(
  definitions: Definitions,
  state: CustomerState,
  changes: readonly RevertedChange[],
): CustomerState {
  return withoutDeleted(
    definitions,
    required(revertChanges(state, changes.toReversed()), "the reverted state"),
  );
}

const withoutDeleted = ({ byKey, tagNames }: Definitions, state: CustomerState): CustomerState => ({
  ...state,
  tagIds: state.tagIds.filter((id) => tagNames.has(id)),
  values: Object.fromEntries(fieldEntriesOf(state.values).filter(([key]) => byKey.has(key))),
});
