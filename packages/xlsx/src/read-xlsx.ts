import { readNumberFormats } from "./cell-styles.ts";
import { generalText, numberText } from "./number-text.ts";
import { SharedStrings } from "./shared-strings.ts";
import type { XlsxRow } from "./sheet-rows.ts";
import { type NumberTexts, readSheetRows } from "./sheet-rows.ts";
import { chooseSheet, readWorkbook, type Workbook } from "./workbook.ts";
import { xlsxError } from "./xlsx-error.ts";
import { ZipParts } from "./zip-parts.ts";

export type XlsxOptions = {
  /** The name of the sheet; by default the first visible one. */
  sheet?: string;
  /** Limit on the unpacked size of the parts that are read. */
  inflatedBytesMax: number;
};

/** A sheet whose first row contains the headings. */
export type XlsxTable = {
  headings: readonly string[];
  /** In batches of any size. */
  rows: AsyncIterable<readonly XlsxRow[]>;
  /** The names of all sheets of the workbook. */
  sheets: readonly string[];
  /** The number of rows that the sheet declares, which may be wrong; `null` when it declares none. */
  rowsEstimated: number | null;
};

/**
 * Reads one sheet of a workbook on disk; its first row with text contains the headings. Cells have the text that Excel
 * displays, except that dates are in ISO 8601 and thousands are not grouped. Each iteration of the rows opens the file
 * anew, closes it at its end, and spills shared texts that exceed memory into a file beside it.
 *
 * @throws XlsxError here and from the rows, when the file is not a workbook, is damaged or exceeds a limit.
 */
export async function readXlsx(path: string, options: XlsxOptions): Promise<XlsxTable> {
  const { sheets, name, first, lastLine } = await readHead(path, options);
  if (!first) throw xlsxError("SHEET_EMPTY", { sheet: name });
  return {
    headings: first.cells.map((heading) => heading.trim()),
    sheets,
    rowsEstimated: lastLine === null ? null : Math.max(0, lastLine - first.line),
    rows: { [Symbol.asyncIterator]: () => rowsAfterHeadings(path, options) },
  };
}

async function readHead(path: string, options: XlsxOptions) {
  const sheet = await openSheet(path, options);
  try {
    const { value } = await sheet.rows.next();
    return { ...sheet.properties(), first: value ? value[0] : undefined };
  } finally {
    await sheet.close();
  }
}

async function* rowsAfterHeadings(path: string, options: XlsxOptions): AsyncGenerator<readonly XlsxRow[]> {
  const sheet = await openSheet(path, options);
  let headingsPassed = false;
  try {
    for await (const batch of sheet.rows) {
      yield headingsPassed ? batch : batch.slice(1);
      headingsPassed = true;
    }
  } finally {
    await sheet.close();
  }
}

async function openSheet(path: string, options: XlsxOptions) {
  const parts = await ZipParts.open(path, options.inflatedBytesMax);
  try {
    const workbook = await readWorkbook(parts);
    const { name, part } = chooseSheet(workbook.sheets, options.sheet);
    const numberTexts = await readNumberTexts(parts, workbook);
    const strings = new SharedStrings(parts, workbook.sharedStrings, path);
    let lastLine: number | null = null;
    const rows = readSheetRows(parts, part, strings, numberTexts, (line) => {
      lastLine = line;
    });
    return {
      rows,
      properties: () => ({ sheets: workbook.sheets.map((it) => it.name), name, lastLine }),
      async close(): Promise<void> {
        await rows.return(undefined);
        await strings.close();
        parts.close();
      },
    };
  } catch (error) {
    parts.close();
    throw error;
  }
}

async function readNumberTexts(parts: ZipParts, { styles, date1904 }: Workbook): Promise<NumberTexts> {
  const patterns = styles === undefined ? [] : await readNumberFormats(parts, styles);
  const texts = new Map<string, (stored: string) => string>();
  const byStyle = patterns.map((pattern) => {
    const text = texts.get(pattern) ?? numberText(pattern, date1904);
    texts.set(pattern, text);
    return text;
  });
  return (style, stored) => (byStyle[style] ?? generalText)(stored);
}
