import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  type Updater,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { Column } from "./columns.ts";
import { columnWidthMin, type Layout, resized } from "./layout.ts";

const features = tableFeatures({
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
});

// Rows are read by their number, of any of a million: the table has none of its own.
const noRows: never[] = [];

type ColumnTable = ReturnType<typeof useColumnTable>;
export type ColumnHeader = ReturnType<ColumnTable["getFlatHeaders"]>[number];

export function useColumnTable(
  columns: readonly Column[],
  layout: Layout,
  onLayout: (change: (layout: Layout) => Layout) => void,
) {
  const defs = useMemo(
    () =>
      columns.map(({ id, label, width }) => ({ id, header: label, size: width, minSize: columnWidthMin })),
    [columns],
  );
  const state = useMemo(
    () => ({
      columnOrder: layout.map(({ id }) => id),
      columnSizing: Object.fromEntries(layout.map(({ id, width }) => [id, width])),
      columnVisibility: Object.fromEntries(layout.map(({ id, isHidden }) => [id, !isHidden])),
    }),
    [layout],
  );
  return useTable({
    features,
    columns: defs,
    data: noRows,
    state,
    columnResizeMode: "onChange",
    onColumnSizingChange: (update: Updater<Record<string, number>>) =>
      onLayout((before) => {
        const widths = Object.fromEntries(before.map(({ id, width }) => [id, width]));
        const next = typeof update === "function" ? update(widths) : update;
        return before.reduce(
          (after, { id, width }) =>
            next[id] === undefined || next[id] === width ? after : resized(after, id, next[id]),
          before,
        );
      }),
  });
}
