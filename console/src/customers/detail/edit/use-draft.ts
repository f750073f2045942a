import { useState } from "react";
import type { LoadedCustomer } from "../customer-query.ts";
import { type Draft, type Value, valueIn, withEntry } from "./draft.ts";

type DraftState = { read: LoadedCustomer; draft: Draft };
const nothing: Draft = {};

/** Draft state. The customer it is based on stays fixed while there are changes, so that saving detects a conflict. */
export function useDraft(newest: LoadedCustomer) {
  const [state, setState] = useState<DraftState | null>(null);
  const { read, draft } = state ?? { read: newest, draft: nothing };
  const rebase = (now: LoadedCustomer, rest: Draft) =>
    setState(Object.keys(rest).length === 0 ? null : { read: now, draft: rest });
  return {
    read,
    draft,
    isDirty: state !== null,
    valueAt: (key: string): Value => draft[key] ?? valueIn(read.customer, key),
    change: (key: string, value: Value) =>
      setState((before) => {
        const { read: since, draft: others } = before ?? { read: newest, draft: nothing };
        const rest = withEntry(others, key, value, valueIn(since.customer, key));
        return Object.keys(rest).length === 0 ? null : { read: since, draft: rest };
      }),
    revert: (key: string) => {
      const { [key]: _, ...others } = draft;
      rebase(read, others);
    },
    /** Continues the draft on a newer version of the customer. */
    rebase: rebase,
    /** Marks the sent values as saved; later input stays a draft. */
    markSaved: (sent: Draft, now: LoadedCustomer) =>
      setState((before) => {
        const later = Object.entries(before?.draft ?? nothing).filter(([key, value]) => sent[key] !== value);
        return later.length === 0 ? null : { read: now, draft: Object.fromEntries(later) };
      }),
    discard: () => setState(null),
  };
}
