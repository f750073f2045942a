import { useState } from "react";
import type { ReadCustomer } from "../customer-query.ts";
import { type Draft, drafted, type Value, valueIn } from "./draft.ts";

type Written = { read: ReadCustomer; draft: Draft };
const nothing: Draft = {};

/**
 * What a person writes over a customer. While there is a draft the customer stays as it was when it was begun:
 * a newer one that the page gets meanwhile must not hide that somebody else was there.
 */
export function useDraft(newest: ReadCustomer) {
  const [written, setWritten] = useState<Written | null>(null);
  const { read, draft } = written ?? { read: newest, draft: nothing };
  const keep = (now: ReadCustomer, rest: Draft) =>
    setWritten(Object.keys(rest).length === 0 ? null : { read: now, draft: rest });
  return {
    read,
    draft,
    isDrafted: written !== null,
    valueAt: (key: string): Value => draft[key] ?? valueIn(read.customer, key),
    change: (key: string, value: Value) =>
      setWritten((before) => {
        const { read: since, draft: others } = before ?? { read: newest, draft: nothing };
        const rest = drafted(others, key, value, valueIn(since.customer, key));
        return Object.keys(rest).length === 0 ? null : { read: since, draft: rest };
      }),
    revert: (key: string) => {
      const { [key]: _, ...others } = draft;
      keep(read, others);
    },
    /** Goes on over another version of the customer, with what is left to write. */
    keep,
    /** What was sent is saved; what has been written since is still a draft, over what is saved. */
    settle: (sent: Draft, now: ReadCustomer) =>
      setWritten((before) => {
        const later = Object.entries(before?.draft ?? nothing).filter(([key, value]) => sent[key] !== value);
        return later.length === 0 ? null : { read: now, draft: Object.fromEntries(later) };
      }),
    discard: () => setWritten(null),
  };
}
