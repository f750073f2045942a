import { bodyError, type FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { ImportRow } from "@clientele/contract/import-rows";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { checkAndRead } from "../../customers/check-row.ts";
import type { ParsedRow, ReadOptions } from "../../customers/read-row.ts";
import { compileCheck, rowErrorsMax } from "../../validation/schema-check.ts";
import { headingOf } from "../columns/columns.ts";
import { currentColumns } from "../columns/mapped-columns.ts";
import { openRowReader } from "../columns/row-reader.ts";
import type { BulkChange, ImportOptions } from "../job/options.ts";
import type { Result } from "../job/row-result.ts";
import type { StoredColumn } from "../job/store.ts";
import type { SourceRow } from "./row-source.ts";

const checkRow = compileCheck(ImportRow, "body", rowErrorsMax);

/** Reads the rows of a file of any format by one revision of the definitions. */
export type SourceReader = {
  read(row: SourceRow, index: number): ParsedRow;
  /** The row as it was sent, stored with its errors. */
  inputOf(row: SourceRow): Result["said"];
  /** The name of an error's path in the file. */
  placeOf(path: string): string;
};

/** @param columns null for a file whose rows are objects. */
export function openSourceReader(
  definitions: Definitions,
  columns: readonly StoredColumn[] | null,
  options: ImportOptions,
): SourceReader {
  const readOptions: ReadOptions = { unknownFields: options.unknownFields };
  const rowOf = (record: unknown, index: number, found: readonly FieldError[]): ParsedRow => {
    const row = checkAndRead(definitions, index, record, checkRow, readOptions);
    const ignoreMandatory = row.ignoreMandatory || options.ignoreMandatory;
    return {
      ...row,
      ignoreMandatory,
      fieldErrors: found.length === 0 ? row.fieldErrors : [...found, ...row.fieldErrors],
    };
  };
  if (options.change) return rowsOfBulk(options.change, rowOf);
  if (columns === null) {
    return {
      read: (row, index) => {
        if ("fieldErrors" in row)
          return rowOf(
            {},
            index,
            row.fieldErrors.map((fieldError) => ({ ...fieldError, code: "JSON_INVALID" as const })),
          );
        return rowOf("record" in row ? row.record : {}, index, []);
      },
      inputOf: (row) => ("record" in row ? { record: row.record } : undefined),
      placeOf: (path) => path,
    };
  }
  const current = currentColumns(definitions, columns);
  const { dateFormat, defaultCountry, decimal, listSeparator, empty } = options;
  const readCells = openRowReader(current.columns, {
    dateFormat: dateFormat ?? undefined,
    defaultCountry: defaultCountry ?? undefined,
    decimal: decimal ?? undefined,
    listSeparator,
    empty,
    latestYear: options.latestYear,
    tagNames: definitions.tagNames,
  });
  return {
    read: (row, index) => {
      if (!("cells" in row)) throw new Error("A file with headings has cells.");
      const { record, fieldErrors } = readCells(row);
      const lost = current.deletedFields.filter(
        ({ position }) => (row.cells[position - 1] ?? "").trim() !== "",
      );
      const deletedErrors = lost.map(({ heading, label }) =>
        bodyError(heading, "FIELD_UNKNOWN", reason("FIELD_DELETED", { label })),
      );
      return rowOf(
        record,
        index,
        deletedErrors.length === 0 ? fieldErrors : [...fieldErrors, ...deletedErrors],
      );
    },
    inputOf: (row) => ("cells" in row ? row.cells : undefined),
    placeOf: (path) => headingOf(current.columns, path),
  };
}

/** Every row of a bulk change names a customer; the change is the same for all. */
function rowsOfBulk(
  { customfields = [], add_tag_ids: added = [], remove_tag_ids: removed = [] }: BulkChange,
  rowOf: (record: unknown, index: number, found: readonly FieldError[]) => ParsedRow,
): SourceReader {
  const tagChange = { added, removed };
  return {
    read: (row, index) => {
      if (!("record" in row)) throw new Error("A row of a bulk change is an object.");
      const { id } = row.record as { id: string };
      return { ...rowOf({ id, customfields }, index, []), tagChange };
    },
    inputOf: () => undefined,
    placeOf: (path) => path,
  };
}
