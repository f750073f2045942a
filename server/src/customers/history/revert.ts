import type { Definitions } from "../../custom-fields/definitions.ts";
import { type FieldKey, fieldEntriesOf } from "../../custom-fields/values/field-key.ts";
import { required } from "../../validation/required.ts";
import type { CustomerState, RecordedState } from "../store.ts";
import type { Values } from "../values.ts";
import type { Snapshot } from "../write.ts";

type RevertedChange = { kind: string; before: Snapshot | null };

/** The customer before `changes`, which are ordered newest first; null when it did not exist. */
export function revertChanges(
  current: RecordedState | null,
  changes: readonly RevertedChange[],
): RecordedState | null {
  let state = current;
  for (const { kind, before } of changes) {
    if (kind === "created") state = null;
    else if (kind === "deleted") state = reverted(deletedState, before);
    else if (state !== null) state = reverted(state, before);
  }
  return state;
}

const deletedState: RecordedState = {
  externalId: null,
  importCustomerId: null,
  values: {},
  tagIds: [],
  bookerId: null,
};

function reverted(state: RecordedState, before: Snapshot | null): RecordedState {
  const { values, ...attributes } = before ?? {};
  return { ...state, ...attributes, values: valuesBefore(state.values, values) };
}

function valuesBefore(values: Values, before: Snapshot["values"] = {}): Values {
  const merged: Record<FieldKey, unknown> = { ...values, ...before };
  for (const [key, value] of fieldEntriesOf(merged)) if (value === null) delete merged[key];
  return merged as Values;
}

/** The customer before `changes`, which are ordered oldest first, without deleted fields and tags. */
export function revertedState(
  definitions: Definitions,
  state: CustomerState,
  changes: readonly RevertedChange[],
): CustomerState {
  const before = required(revertChanges(state, changes.toReversed()), "the reverted state");
  return withoutDeleted(definitions, { ...state, ...before });
}

const withoutDeleted = ({ byKey, tagNames }: Definitions, state: CustomerState): CustomerState => ({
  ...state,
  tagIds: state.tagIds.filter((id) => tagNames.has(id)),
  values: Object.fromEntries(fieldEntriesOf(state.values).filter(([key]) => byKey.has(key))),
});
