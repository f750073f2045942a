import { isDeepStrictEqual } from "node:util";
import type { Change } from "./append.ts";

export type Difference = Pick<Change, "kind" | "before" | "after">;

/**
 * The journal entry of a write to a record: the named attributes that differ, or all of them when the record is
 * created or deleted. Null when none differs.
 */
export function changedColumns<T extends object>(
  names: readonly (keyof T)[],
  before: null,
  after: T,
): Difference;
export function changedColumns<T extends object>(
  names: readonly (keyof T)[],
  before: T,
  after: null,
): Difference;
export function changedColumns<T extends object>(
  names: readonly (keyof T)[],
  before: T | null,
  after: T | null,
): Difference | null;
export function changedColumns<T extends object>(
  names: readonly (keyof T)[],
  before: T | null,
  after: T | null,
): Difference | null {
  const picked = (record: T, those: readonly (keyof T)[]) =>
    Object.fromEntries(those.map((name) => [name, record[name]]));
  if (before === null) return after && { kind: "created", before: null, after: picked(after, names) };
  if (after === null) return { kind: "deleted", before: picked(before, names), after: null };
  const differ = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (differ.length === 0) return null;
  return { kind: "updated", before: picked(before, differ), after: picked(after, differ) };
}
