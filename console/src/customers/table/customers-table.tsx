// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtualized grid are positioned absolutely, which tr and td cannot be.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row.
import { Checkbox } from "@mantine/core";
import { useThrottledCallback } from "@mantine/hooks";
import { useElementScrollRestoration } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type Ref,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslations } from "use-intl";
import { useCells } from "./cell.tsx";
import type { Column } from "./columns.ts";
import { CustomerRow, rowId } from "./customer-row.tsx";
import classes from "./customers-table.module.css";
import { HeaderCell } from "./header-cell.tsx";
import type { Layout, Sort } from "./layout.ts";
import { pageRows } from "./rows-query.ts";
import { emptySelection, fullSelection, isSelected, type Selection } from "./selection.ts";
import { useColumnTable } from "./use-column-table.ts";
import { useGridKeys } from "./use-grid-keys.ts";
import type { Rows } from "./use-rows.ts";

export type TableHandle = { enter: () => void };

type Props = {
  ref: Ref<TableHandle>;
  columns: readonly Column[];
  layout: Layout;
  onLayout: (change: (layout: Layout) => Layout) => void;
  /** Narrow screens show two columns of equal width. */
  isNarrow: boolean;
  rows: Rows;
  /** Called with the numbers of the visible pages. */
  onPages: (pages: readonly number[]) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  /** Selects a range of rows, loaded or not. */
  onRange: (from: number, to: number) => void;
  onToggle: (index: number) => void;
  onOpen: (customerId: string) => void;
};

const rowHeight = 40;
const headerHeight = 40;
const selectWidth = 44;
const narrowColumns = new Set(["fullName", "phone"]);
const scrollId = "customers-table";

/** A virtualized grid of all matching customers. */
export function CustomersTable({ ref, columns, layout, onLayout, isNarrow, rows, selection, ...on }: Props) {
  const t = useTranslations("customers.table");
  const grid = useRef<HTMLDivElement>(null);
  const count = rows.count ?? 0;
  const table = useColumnTable(columns, layout, onLayout);
  const show = useCells();
  const before = useElementScrollRestoration({ id: scrollId });
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => grid.current,
    estimateSize: () => rowHeight,
    initialOffset: before?.scrollY ?? 0,
    overscan: 8,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
  });

  const [active, setActive] = useState(0);
  const anchor = useRef(0);
  const { query } = rows;
  const isFirstQuery = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new query starts at its first row.
  useEffect(() => {
    if (isFirstQuery.current) isFirstQuery.current = false;
    else {
      virtual.scrollToOffset(0);
      setActive(0);
    }
  }, [query]);

  const items = virtual.getVirtualItems();
  const first = pageOf(Math.max(0, (items[0]?.index ?? 0) - preloadedRows));
  const last = pageOf(Math.min(count - 1, (items.at(-1)?.index ?? 0) + preloadedRows));
  const { onPages } = on;
  // Throttled, so that fast scrolling does not load every page it passes.
  const loadPages = useThrottledCallback((from: number, to: number) => {
    onPages(Array.from({ length: to - from + 1 }, (_, index) => from + index));
  }, throttleMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the throttled callback changes on every render.
  useEffect(() => loadPages(first, Math.max(first, last)), [first, last]);

  const goTo = (index: number) => {
    const target = Math.min(Math.max(index, 0), count - 1);
    setActive(target);
    virtual.scrollToIndex(target, { align: "auto" });
  };
  const choose = (index: number, isRange: boolean) => {
    if (isRange) on.onRange(Math.min(anchor.current, index), Math.max(anchor.current, index));
    else {
      anchor.current = index;
      on.onToggle(index);
    }
  };
  const open = (index: number) => {
    const customer = rows.at(index);
    if (customer) on.onOpen(customer.id);
  };
  const rowsShown = Math.floor(((grid.current?.clientHeight ?? 0) - headerHeight) / rowHeight);
  const onKeyDown = useGridKeys({ active, count, rowsShown, goTo, choose, open });
  useImperativeHandle(ref, () => ({
    enter: () => {
      grid.current?.focus();
      goTo(active);
    },
  }));

  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const headers = table
    .getFlatHeaders()
    .filter(({ id, column }) => (isNarrow ? narrowColumns.has(id) : column.getIsVisible()));
  const shownIds = headers.map(({ id }) => id).join();
  const shown = useMemo(() => shownIds.split(",").flatMap((id) => byId.get(id) ?? []), [shownIds, byId]);
  // Memoized: scrolling re-renders the table for every new row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: headers depend on these values only.
  const headerCells = useMemo(
    () =>
      headers.map((header, index) => (
        <HeaderCell
          key={header.id}
          header={header}
          column={byId.get(header.id)!}
          index={index + 2}
          sort={on.sort}
          onSort={on.onSort}
          onLayout={onLayout}
        />
      )),
    [shownIds, byId, layout, on.sort.by, on.sort.isDescending, table.state],
  );
  const widths = headers.map((header) => (isNarrow ? "minmax(0, 1fr)" : `${header.getSize()}px`));
  const sizes: CSSProperties & Record<`--${string}`, string> = {
    "--columns": [`${selectWidth}px`, ...widths].join(" "),
    "--width": isNarrow
      ? "100%"
      : `${headers.reduce((sum, header) => sum + header.getSize(), selectWidth)}px`,
  };
  const chosen = selection.kind === "matching" ? (selection.exceptIds.size === 0 ? "all" : "some") : "none";

  return (
    <div
      ref={grid}
      role="grid"
      tabIndex={0}
      className={classes.grid}
      style={sizes}
      aria-label={t("label")}
      aria-rowcount={rows.total === null ? -1 : rows.total + 1}
      aria-colcount={shown.length + 1}
      aria-multiselectable
      aria-busy={rows.isOutdated || rows.count === null}
      {...(items.some(({ index }) => index === active) ? { "aria-activedescendant": rowId(active) } : {})}
      onKeyDown={onKeyDown}
      data-scroll-restoration-id={scrollId}
    >
      <div role="rowgroup" className={classes.header}>
        <div role="row" className={classes.headerRow} aria-rowindex={1}>
          <div role="columnheader" className={classes.selectCell} aria-colindex={1}>
            <Checkbox
              size="xs"
              aria-label={t("selectAll")}
              checked={chosen === "all"}
              indeterminate={chosen === "some" || (selection.kind === "rows" && selection.ids.size > 0)}
              onChange={() => on.onSelect(chosen === "all" ? emptySelection : fullSelection)}
            />
          </div>
          {headerCells}
        </div>
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles key events. */}
      <div
        role="rowgroup"
        className={classes.body}
        style={{ height: virtual.getTotalSize() }}
        onClick={(event) => {
          const target = event.target as HTMLElement;
          const index = Number(target.closest<HTMLElement>("[data-index]")?.dataset["index"] ?? -1);
          if (index < 0) return;
          const isLink = target.closest("a") !== null;
          if (isLink && (event.metaKey || event.ctrlKey)) return;
          event.preventDefault();
          setActive(index);
          if (target.closest("[data-select]") || event.shiftKey) choose(index, event.shiftKey);
          else if (getSelection()?.type !== "Range") open(index);
        }}
      >
        {items.map(({ index, start }) => {
          const customer = rows.at(index);
          return (
            <CustomerRow
              key={index}
              index={index}
              top={start - headerHeight}
              customer={customer}
              columns={shown}
              show={show}
              isSelected={customer !== undefined && isSelected(selection, customer.id)}
              isActive={index === active}
            />
          );
        })}
      </div>
    </div>
  );
}

const throttleMs = 100;
/** Rows loaded ahead of the visible ones. */
const preloadedRows = 60;
const pageOf = (index: number): number => Math.floor(index / pageRows);
