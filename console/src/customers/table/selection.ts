/** Individually selected customers, or all matching ones with exceptions. */
export type Selection =
  | { kind: "rows"; ids: ReadonlySet<string> }
  | { kind: "matching"; exceptIds: ReadonlySet<string> };

export const emptySelection: Selection = { kind: "rows", ids: new Set() };
export const fullSelection: Selection = { kind: "matching", exceptIds: new Set() };

export const isSelected = (selection: Selection, id: string): boolean =>
  selection.kind === "rows" ? selection.ids.has(id) : !selection.exceptIds.has(id);

/** The number of selected customers; null while the total is unknown. */
export function countOf(selection: Selection, total: number | null): number | null {
  if (selection.kind === "rows") return selection.ids.size;
  return total === null ? null : Math.max(0, total - selection.exceptIds.size);
}

export function withRows(selection: Selection, ids: Iterable<string>, isAdded: boolean): Selection {
  const isListed = (selection.kind === "rows") === isAdded;
  const listed = new Set(selection.kind === "rows" ? selection.ids : selection.exceptIds);
  for (const id of ids) {
    if (isListed) listed.add(id);
    else listed.delete(id);
  }
  return selection.kind === "rows" ? { kind: "rows", ids: listed } : { kind: "matching", exceptIds: listed };
}
