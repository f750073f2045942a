import type { Definitions } from "../custom-fields/definitions.ts";
import type { CustomerState } from "./store.ts";
import type { Snapshot } from "./write.ts";

/** The customer as it was before changes, oldest first: each is taken back. Values of fields that are gone stay gone. */
export function restored(
  { byId, tagNames }: Definitions,
  state: CustomerState,
  changes: readonly { before: Snapshot | null }[],
): CustomerState {
  const values: Record<string, unknown> = { ...state.values };
  const before: Snapshot = {};
  for (const change of changes.toReversed()) {
    Object.assign(before, change.before);
    for (const [fieldId, value] of Object.entries(change.before?.values ?? {})) {
      if (value === null || value === undefined || !byId.has(fieldId)) delete values[fieldId];
      else values[fieldId] = value;
    }
  }
  const tagIds = (before.tagIds ?? state.tagIds).filter((id) => tagNames.has(id));
  return { ...state, ...before, tagIds, values: values as CustomerState["values"] };
}
