import { type Column, isShownByDefault } from "./columns.ts";

/** Column order, widths and visibility. */
export type Layout = readonly ColumnLayout[];
export type ColumnLayout = { id: string; width: number; isHidden: boolean };

export type Sort = { by: string; isDescending: boolean };

export const columnWidthMin = 64;
const columnWidthMax = 1_200;

/** Applies a stored layout to the available columns; unknown columns come last and are hidden. */
export function layoutOf(
  columns: readonly Column[],
  stored: readonly Partial<ColumnLayout>[] | null,
): Layout {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const known = (stored ?? []).flatMap(({ id, width, isHidden = false }) => {
    const column = byId.get(id ?? "");
    if (!column) return [];
    byId.delete(column.id);
    return [{ id: column.id, width: width ?? column.width, isHidden }];
  });
  const isNew = known.every(({ isHidden }) => isHidden);
  const others = [...byId.values()].map((column) => ({
    id: column.id,
    width: column.width,
    isHidden: isNew ? !isShownByDefault(column) : true,
  }));
  return [...known, ...others];
}

/** Moves a column to the position of another one. */
export function moved(layout: Layout, id: string, toId: string): Layout {
  const from = layout.findIndex((column) => column.id === id);
  const to = layout.findIndex((column) => column.id === toId);
  if (from < 0 || to < 0) return layout;
  return layout.toSpliced(from, 1).toSpliced(to, 0, layout[from]!);
}

/** Moves a column one visible position to the left or right. */
export function shifted(layout: Layout, id: string, by: -1 | 1): Layout {
  const shown = layout.filter(({ isHidden }) => !isHidden);
  const neighbour = shown[shown.findIndex((column) => column.id === id) + by];
  return neighbour ? moved(layout, id, neighbour.id) : layout;
}

export const changed = (layout: Layout, id: string, change: Partial<ColumnLayout>): Layout =>
  layout.map((column) => (column.id === id ? { ...column, ...change } : column));

export const resized = (layout: Layout, id: string, width: number): Layout =>
  changed(layout, id, { width: Math.round(Math.min(Math.max(width, columnWidthMin), columnWidthMax)) });
