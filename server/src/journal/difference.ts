import { isDeepStrictEqual } from "node:util";
import type { Change } from "./append.ts";

/**
 * What a write does to a record, for the journal: the named attributes that differ, all of them of a record that is
 * new or gone. Null when none does.
 */
export function differenceOf<T extends object>(
  names: readonly (keyof T)[],
  before: T | null,
  after: T | null,
): Pick<Change, "kind" | "before" | "after"> | null {
  const picked = (record: T, those: readonly (keyof T)[]) =>
    Object.fromEntries(those.map((name) => [name, record[name]]));
  if (before === null) return after && { kind: "created", before: null, after: picked(after, names) };
  if (after === null) return { kind: "deleted", before: picked(before, names), after: null };
  const differ = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (differ.length === 0) return null;
  return { kind: "updated", before: picked(before, differ), after: picked(after, differ) };
}
