import { XlsxError } from "@clientele/xlsx/error";
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
  error instanceof XlsxError ? fileInvalid(error.message, error) : error;
