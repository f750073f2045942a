import { type FieldErrorKey, type Reason, reasonWith } from "@clientele/contract/field-errors";
import { XlsxError, type XlsxErrorCode } from "@clientele/xlsx/error";
import type { XlsxOptions, XlsxTable } from "@clientele/xlsx/read";
import { fileInvalid } from "./file-invalid.ts";

/** Reads a sheet of a workbook; a file that cannot be read is refused with IMPORT_FILE_INVALID. */
export async function readWorkbook(path: string, options: XlsxOptions): Promise<XlsxTable> {
  // Three libraries that only workbooks need.
  const { readXlsx } = await import("@clientele/xlsx/read");
  try {
    const table = await readXlsx(path, options);
    return { ...table, rows: translated(table.rows) };
  } catch (error) {
    throw importErrorOf(error);
  }
}

const translated = <Row>(rows: AsyncIterable<Row>): AsyncIterable<Row> => ({
  async *[Symbol.asyncIterator]() {
    try {
      yield* rows;
    } catch (error) {
      throw importErrorOf(error);
    }
  },
});

const importErrorOf = (error: unknown): unknown =>
  error instanceof XlsxError ? fileInvalid(reasonOf(error), error) : error;

const reasons = {
  EMPTY: "FILE_EMPTY",
  NOT_A_WORKBOOK: "XLSX_NOT_A_WORKBOOK",
  ARCHIVE_WITHOUT_WORKBOOK: "XLSX_ARCHIVE_WITHOUT_WORKBOOK",
  BINARY_FORMAT: "XLSX_BINARY_FORMAT",
  LEGACY_FORMAT: "XLSX_LEGACY_FORMAT",
  ENCRYPTED: "XLSX_ENCRYPTED",
  ARCHIVE_DAMAGED: "XLSX_ARCHIVE_DAMAGED",
  PART_MISSING: "XLSX_PART_MISSING",
  PART_MALFORMED: "XLSX_PART_MALFORMED",
  PART_NOT_UNICODE: "XLSX_PART_NOT_UNICODE",
  TEXT_MISSING: "XLSX_TEXT_MISSING",
  TEXT_REFERENCE_INVALID: "XLSX_TEXT_REFERENCE_INVALID",
  CELL_NESTED: "XLSX_CELL_NESTED",
  CELL_REFERENCE_INVALID: "XLSX_CELL_REFERENCE_INVALID",
  NO_SHEET: "XLSX_NO_SHEET",
  SHEET_UNKNOWN: "XLSX_SHEET_UNKNOWN",
  SHEET_EMPTY: "XLSX_SHEET_EMPTY",
  TOO_LARGE: "XLSX_TOO_LARGE",
  TOO_MANY_PARTS: "XLSX_TOO_MANY_PARTS",
  TOO_MANY_COLUMNS: "XLSX_TOO_MANY_COLUMNS",
  TEXT_TOO_LONG: "XLSX_TEXT_TOO_LONG",
  CELL_TOO_LONG: "XLSX_CELL_TOO_LONG",
  ROW_TOO_LONG: "XLSX_ROW_TOO_LONG",
} as const satisfies Record<XlsxErrorCode, FieldErrorKey>;

/** The parameters keep their names: the package checks them where it throws. */
const reasonOf = ({ code, parameters }: XlsxError): Reason => reasonWith(reasons[code], parameters);
