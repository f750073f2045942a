// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtualized grid are positioned absolutely, which tr and td cannot be.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row.
import { ActionIcon, Menu, UnstyledButton } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowLeft,
  IconArrowRight,
  IconArrowsHorizontal,
  IconArrowUp,
  IconChevronDown,
  IconEyeOff,
  IconViewportNarrow,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Column } from "./columns.ts";
import classes from "./customers-table.module.css";
import { changed, type Layout, moved, resized, type Sort, shifted } from "./layout.ts";
import type { ColumnHeader } from "./use-column-table.ts";

type Props = {
  header: ColumnHeader;
  column: Column;
  index: number;
  sort: Sort;
  onSort: (sort: Sort) => void;
  onLayout: (change: (layout: Layout) => Layout) => void;
};

const columnType = "application/x-customers-column";
const stepPx = 32;

/** A column header: sorts on click, with a menu for all column actions. */
export function HeaderCell({ header, column, index, sort, onSort, onLayout }: Props) {
  const t = useTranslations("customers.table.header");
  const { id, label, isSortable } = column;
  const isSorted = sort.by === id;
  const Arrow = sort.isDescending ? IconArrowDown : IconArrowUp;
  const resize = header.getResizeHandler();
  return (
    <div
      role="columnheader"
      className={classes.headerCell}
      aria-colindex={index}
      {...(isSortable
        ? { "aria-sort": isSorted ? (sort.isDescending ? "descending" : "ascending") : "none" }
        : {})}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(columnType)) event.preventDefault();
      }}
      onDrop={({ dataTransfer }) => onLayout((layout) => moved(layout, dataTransfer.getData(columnType), id))}
    >
      <UnstyledButton
        className={classes.headerName!}
        draggable
        onDragStart={({ dataTransfer }) => dataTransfer.setData(columnType, id)}
        {...(isSortable
          ? { onClick: () => onSort({ by: id, isDescending: isSorted && !sort.isDescending }) }
          : { component: "span" as const })}
      >
        <span className={classes.headerLabel}>{label}</span>
        {isSorted && <Arrow size={14} aria-hidden />}
      </UnstyledButton>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <ActionIcon
            className={classes.headerMenu!}
            variant="subtle"
            color="gray"
            size={24}
            aria-label={t("menu", { column: label })}
          >
            <IconChevronDown size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isSortable && (
            <>
              <Item icon={IconArrowUp} onClick={() => onSort({ by: id, isDescending: false })}>
                {t("ascending")}
              </Item>
              <Item icon={IconArrowDown} onClick={() => onSort({ by: id, isDescending: true })}>
                {t("descending")}
              </Item>
              <Menu.Divider />
            </>
          )}
          <Item icon={IconArrowLeft} stays onClick={() => onLayout((layout) => shifted(layout, id, -1))}>
            {t("left")}
          </Item>
          <Item icon={IconArrowRight} stays onClick={() => onLayout((layout) => shifted(layout, id, 1))}>
            {t("right")}
          </Item>
          <Item
            icon={IconArrowsHorizontal}
            stays
            onClick={() => onLayout((layout) => resized(layout, id, header.getSize() + stepPx))}
          >
            {t("wider")}
          </Item>
          <Item
            icon={IconViewportNarrow}
            stays
            onClick={() => onLayout((layout) => resized(layout, id, header.getSize() - stepPx))}
          >
            {t("narrower")}
          </Item>
          <Menu.Divider />
          <Item
            icon={IconEyeOff}
            onClick={() => onLayout((layout) => changed(layout, id, { isHidden: true }))}
          >
            {t("hide")}
          </Item>
        </Menu.Dropdown>
      </Menu>
      {/* Keyboard users resize through the menu. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keyboard users resize through the menu. */}
      <div
        className={classes.resizer}
        data-active={header.column.getIsResizing() || undefined}
        onMouseDown={resize}
        onTouchStart={resize}
        onDoubleClick={() => onLayout((layout) => resized(layout, id, column.width))}
      />
    </div>
  );
}

type ItemProps = { icon: typeof IconEyeOff; stays?: boolean; onClick: () => void; children: string };

const Item = ({ icon: Icon, stays = false, onClick, children }: ItemProps) => (
  <Menu.Item leftSection={<Icon size={16} aria-hidden />} closeMenuOnClick={!stays} onClick={onClick}>
    {children}
  </Menu.Item>
);
