import { bodyError, type FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { RowInput } from "../../customers/read-row.ts";
import type { RowAttribute } from "../../tables/attributes.ts";
import { type CellError, cellError, type ReadCell, whyUnstorable } from "../../tables/cell.ts";
import { unprotectFormula } from "../../tables/formula.ts";
import { columnNames } from "../../tables/heading-text.ts";
import { normalized } from "../../text/normalize.ts";
import type { TableRow } from "../files/table.ts";
import type { CellOptions } from "./cell-options.ts";
import type { Column } from "./columns.ts";
import { readerOf, tagsReader } from "./read-cell.ts";

/** What a row of a file says of a customer, and which of its cells cannot be read, by the names of their columns. */
export type ReadTableRow = { record: RowInput; fieldErrors: readonly FieldError[] };

/** A column that is read, and where what it says stands in the record. */
type ReadColumn = {
  index: number;
  name: string;
  read: ReadCell;
  attribute: Exclude<RowAttribute, "tags"> | null;
  fieldId: string;
};

type Said = string | readonly string[] | null;

const noErrors: readonly FieldError[] = [];

/**
 * Reads the rows of a file whose columns are known. A cell that is missing at the end of a row says nothing; one
 * that is empty says nothing either, or clears what the customer has.
 */
export function openRowReader(
  columns: readonly Column[],
  options: CellOptions,
): (row: TableRow) => ReadTableRow {
  const clears = options.empty === "clear";
  const readColumns = readColumnsOf(columns, options);

  return ({ cells }) => {
    const said: Record<string, Said> = {};
    const values: Record<string, Said> = {};
    let fieldErrors: FieldError[] | null = null;
    let saysSomething = false;
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
      // A customer has an id as long as there is one.
      if (isEmpty && (!clears || attribute === "id")) continue;
      const value = isEmpty ? null : cellRead;
      saysSomething ||= !isEmpty;
      if (attribute === null) values[fieldId] = value;
      else said[attribute] = value;
    }
    if (cells.length > columns.length) {
      const count = cells.findLastIndex((cell) => !isBlank(cell)) + 1;
      if (count > columns.length) {
        const message = reason("ROW_TOO_MANY_CELLS", { cells: count, columns: columns.length });
        fieldErrors = [...(fieldErrors ?? []), bodyError("", "REQUEST_INVALID", message)];
      }
    }
    // It would be a customer without a name or anything else: of a line with a total, say.
    if (!saysSomething && fieldErrors === null)
      fieldErrors = [bodyError("", "REQUEST_INVALID", reason("ROW_EMPTY"))];
    // What stands here was put together above, by the attributes of a row.
    const record = said as RowInput;
    record.values = values as NonNullable<RowInput["values"]>;
    return { record, fieldErrors: fieldErrors ?? noErrors };
  };
}

function readColumnsOf(columns: readonly Column[], options: CellOptions): ReadColumn[] {
  const names = columnNames(columns.map(({ heading }) => heading));
  const asText: ReadCell = (cell) => normalized(cell);
  return columns.flatMap(({ target }, index): ReadColumn[] => {
    const at = { index, name: names[index]! };
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
        const isTags = target.attribute === "tags" || target.attribute === "tag_ids";
        if (isTags) return [{ ...at, read: tagsReader(options), attribute: "tag_ids", fieldId: "" }];
        return [{ ...at, read: asText, attribute: target.attribute as "id", fieldId: "" }];
      }
      default:
        return [];
    }
  });
}

/** Empty, blank or invisible. */
function isBlank(cell: string): boolean {
  const code = cell.charCodeAt(0);
  return !(code > 0x20 && code < 0x7f) && normalized(cell) === "";
}

function unstorable(cell: string): CellError | null {
  const why = whyUnstorable(cell);
  return why === null ? null : cellError(why, "REQUEST_INVALID");
}
