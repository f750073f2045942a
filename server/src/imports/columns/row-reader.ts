import { bodyError, type FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { RowInput } from "../../customers/read-row.ts";
import { attributeOfColumn, type WrittenAttribute } from "../../tables/attributes.ts";
import { type CellError, cellError, type ReadCell, unstorableReason } from "../../tables/cell.ts";
import { unprotectFormula } from "../../tables/formula.ts";
import { columnNames } from "../../tables/heading-text.ts";
import { normalized } from "../../text/normalize.ts";
import { required } from "../../validation/required.ts";
import type { TableRow } from "../files/table.ts";
import type { CellOptions } from "./cell-options.ts";
import type { Column } from "./columns.ts";
import { readerOf, tagsReader } from "./read-cell.ts";

/** The customer in a row, and the errors of its cells by column name. */
export type ReadTableRow = { record: RowInput; fieldErrors: readonly FieldError[] };

/** A column with a target, and the place of its value in the record. */
type ReadColumn = {
  index: number;
  name: string;
  read: ReadCell;
  attribute: WrittenAttribute | null;
  fieldId: string;
};

type CellValue = string | readonly string[] | null;

const noErrors: readonly FieldError[] = [];

/**
 * Reads the rows of a file by its columns. A missing cell at the end of a row keeps the value; an empty cell keeps or
 * clears it, as `empty` says.
 */
export function openRowReader(
  columns: readonly Column[],
  options: CellOptions,
): (row: TableRow) => ReadTableRow {
  const clears = options.empty === "clear";
  const readColumns = readColumnsOf(columns, options);

  return ({ cells }) => {
    const attributes: Record<string, CellValue> = {};
    const values: Record<string, CellValue> = {};
    let fieldErrors: FieldError[] | null = null;
    let hasContent = false;
    for (const { index, name, read, attribute, fieldId } of readColumns) {
      const written = cells[index];
      if (written === undefined || (written === "" && !clears)) continue;
      const cell = unprotectFormula(written);
      const cellRead = isBlank(cell) ? "" : (unstorable(cell) ?? read(cell));
      if (typeof cellRead === "object" && "fieldError" in cellRead) {
        fieldErrors ??= [];
        fieldErrors.push(bodyError(name, cellRead.code, cellRead.fieldError));
        continue;
      }
      const isEmpty = cellRead.length === 0;
      // An id cannot be cleared.
      if (isEmpty && (!clears || attribute === "id")) continue;
      const value = isEmpty ? null : cellRead;
      hasContent ||= !isEmpty;
      if (attribute === null) values[fieldId] = value;
      else attributes[attribute] = value;
    }
    if (cells.length > columns.length) {
      const count = cells.findLastIndex((cell) => !isBlank(cell)) + 1;
      if (count > columns.length) {
        const message = reason("ROW_TOO_MANY_CELLS", { cells: count, columns: columns.length });
        fieldErrors = [...(fieldErrors ?? []), bodyError("", "REQUEST_INVALID", message)];
      }
    }
    // Such a row, a line with totals for example, would create an empty customer.
    if (!hasContent && fieldErrors === null)
      fieldErrors = [bodyError("", "REQUEST_INVALID", reason("ROW_EMPTY"))];
    // Built above from the attributes of a row.
    const record = attributes as RowInput;
    record.values = values as NonNullable<RowInput["values"]>;
    return { record, fieldErrors: fieldErrors ?? noErrors };
  };
}

function readColumnsOf(columns: readonly Column[], options: CellOptions): ReadColumn[] {
  const names = columnNames(columns.map(({ heading }) => heading));
  const asText: ReadCell = (cell) => normalized(cell);
  return columns.flatMap(({ target }, index): ReadColumn[] => {
    const at = { index, name: required(names[index], "the column name") };
    switch (target?.kind) {
      case "field": {
        const { id, type, selectOptions } = target.field;
        return [{ ...at, read: readerOf(type, selectOptions, options), attribute: null, fieldId: id }];
      }
      case "create": {
        if (target.fieldId === undefined) throw new Error(`The field ${target.label} has not been made.`);
        const read = readerOf(target.type, [], options);
        return [{ ...at, read, attribute: null, fieldId: target.fieldId }];
      }
      case "attribute": {
        const attribute = attributeOfColumn[target.attribute];
        const read = attribute === "tag_ids" ? tagsReader(options) : asText;
        return [{ ...at, read, attribute, fieldId: "" }];
      }
      default:
        return [];
    }
  });
}

/** Whether the cell has only white space or invisible characters. */
function isBlank(cell: string): boolean {
  const code = cell.charCodeAt(0);
  return !(code > 0x20 && code < 0x7f) && normalized(cell) === "";
}

function unstorable(cell: string): CellError | null {
  const why = unstorableReason(cell);
  return why === null ? null : cellError(why, "REQUEST_INVALID");
}
