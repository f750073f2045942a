// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtualized grid are positioned absolutely, which tr and td cannot be.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row.
import { Checkbox } from "@mantine/core";
import { memo } from "react";
import type { ShowCell } from "./cell.tsx";
import type { Column } from "./columns.ts";
import classes from "./customers-table.module.css";
import type { Customer } from "./rows-query.ts";

type Props = {
  index: number;
  top: number;
  customer: Customer | undefined;
  columns: readonly Column[];
  show: ShowCell;
  isSelected: boolean;
  isActive: boolean;
};

export const rowId = (index: number): string => `customer-row-${index}`;

/** One row; rows that are not loaded yet keep their place. */
export const CustomerRow = memo(({ index, top, customer, columns, show, ...is }: Props) => (
  <div
    role="row"
    id={rowId(index)}
    className={classes.row}
    aria-rowindex={index + 2}
    aria-selected={is.isSelected}
    {...(customer ? {} : { "aria-busy": true })}
    data-index={index}
    data-active={is.isActive || undefined}
    data-selected={is.isSelected || undefined}
    style={{ transform: `translateY(${top}px)` }}
  >
    <div role="gridcell" className={classes.selectCell} data-select>
      <Checkbox.Indicator checked={is.isSelected} size="xs" aria-hidden />
    </div>
    {columns.map((column) => (
      <div
        role="gridcell"
        key={column.id}
        className={classes.cell}
        data-column={column.attribute ?? column.field.type}
      >
        {customer ? show(column, customer) : <span className={classes.waiting} />}
      </div>
    ))}
  </div>
));
