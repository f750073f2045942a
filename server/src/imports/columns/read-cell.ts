import type { FieldType } from "@clientele/contract/custom-fields";
import { reason } from "@clientele/contract/field-errors";
import type { SelectOption } from "../../custom-fields/definitions.ts";
import { cellError, type ReadCell } from "../../tables/cell.ts";
import { defaultListSeparator, readList } from "../../tables/list-cell.ts";
import { phoneCell } from "../../tables/phone-cell.ts";
import { normalized } from "../../text/normalize.ts";
import type { CellOptions } from "./cell-options.ts";
import { readCheckbox } from "./checkbox.ts";
import { chooser } from "./choices.ts";
import { readDateFormat, readIsoDay } from "./date-format.ts";
import { readNumber } from "./decimal.ts";

/** Converts the cells of a field to its write format. Text passes unchanged: the field validates it. */
export function readerOf(
  type: FieldType,
  selectOptions: readonly SelectOption[],
  options: CellOptions,
): ReadCell {
  switch (type) {
    case "DATE":
      return dateReader(options);
    case "PHONE": {
      const country = options.defaultCountry?.toUpperCase();
      return (cell) => phoneCell(normalized(cell), country);
    }
    case "NUMBER":
      return numberReader(options);
    case "CHECKBOX":
      return (cell) => readCheckbox(normalized(cell)) ?? cellError(reason("CELL_CHECKBOX_INVALID"));
    case "SELECT": {
      const choose = optionChooser(selectOptions);
      return (cell) => choose(normalized(cell));
    }
    case "MULTI_SELECT":
      return choicesReader(selectOptions, options);
    case "TEXT":
    case "TEXTAREA":
    case "EMAIL":
    case "URL":
      return (cell) => cell;
  }
}

function dateReader({ dateFormat, latestYear = new Date().getUTCFullYear() }: CellOptions): ReadCell {
  if (dateFormat === undefined || dateFormat === null) {
    const fieldError = reason("CELL_DATE_UNKNOWN_FORMAT");
    return (cell) => readIsoDay(normalized(cell)) ?? cellError(fieldError);
  }
  const format = readDateFormat(dateFormat);
  if ("fieldError" in format) throw new Error(`The date format ${format.fieldError.message}`);
  return (cell) => {
    const text = normalized(cell);
    return (
      format.read(text, latestYear) ??
      readIsoDay(text) ??
      cellError(reason("CELL_DATE_INVALID", { format: dateFormat }))
    );
  };
}

function numberReader({ decimal }: CellOptions): ReadCell {
  const fieldError =
    decimal === undefined
      ? reason("CELL_NUMBER_UNKNOWN_FORMAT")
      : reason("CELL_NUMBER_INVALID", { mark: decimal });
  return (cell) => readNumber(normalized(cell), decimal) ?? cellError(fieldError);
}

function choicesReader(selectOptions: readonly SelectOption[], options: CellOptions): ReadCell {
  const choose = optionChooser(selectOptions);
  const separator = options.listSeparator ?? defaultListSeparator;
  return (cell) => {
    const values: string[] = [];
    for (const entry of readList(normalized(cell), separator)) {
      const value = choose(entry);
      if (typeof value !== "string") return value;
      values.push(value);
    }
    return values;
  };
}

/** An unknown option passes unchanged: the field's error lists the allowed ones. */
function optionChooser(selectOptions: readonly SelectOption[]) {
  const choice = ({ value, label }: SelectOption) => ({ value, name: label });
  const values = new Set(selectOptions.map(({ value }) => value));
  const chooseActive = chooser(selectOptions.filter(({ isActive }) => isActive).map(choice));
  const chooseAny = chooser(selectOptions.map(choice));
  return (text: string) => {
    // Also a removed option: an export of customers that have it must import unchanged.
    if (values.has(text)) return text;
    const active = chooseActive(text);
    const value = active === undefined ? chooseAny(text) : active;
    if (value === null) return cellError(reason("CELL_OPTION_AMBIGUOUS", { label: text }));
    return value ?? text;
  };
}

/** Reads a list of tag names or ids. */
export function tagsReader({ tagNames, listSeparator }: CellOptions): ReadCell {
  const separator = listSeparator ?? defaultListSeparator;
  const choose = chooser([...tagNames].map(([value, name]) => ({ value, name })));
  return (cell) => {
    const ids: string[] = [];
    const unknown: string[] = [];
    for (const entry of readList(normalized(cell), separator)) {
      const id = choose(entry);
      if (typeof id === "string") ids.push(id);
      else unknown.push(entry);
    }
    const fieldError = reason("CELL_TAGS_UNKNOWN", { tags: unknown });
    return unknown.length === 0 ? ids : cellError(fieldError, "TAG_UNKNOWN");
  };
}
