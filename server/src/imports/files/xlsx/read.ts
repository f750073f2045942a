import { fileInvalid } from "../file-invalid.ts";
import type { Table, TableRow } from "../table.ts";
import { readNumberFormats } from "./cell-styles.ts";
import { generalText, numberText } from "./number-text.ts";
import { SharedStrings } from "./shared-strings.ts";
import { type NumberTexts, readSheetRows } from "./sheet-rows.ts";
import { chooseSheet, readWorkbook, type Workbook } from "./workbook.ts";
import { ZipParts } from "./zip-parts.ts";

type XlsxOptions = {
  /** The sheet's name; without one it is the first that is not hidden. */
  sheet?: string;
  /** What the parts of the workbook that are read may take when they are unpacked. */
  inflatedBytesMax: number;
};

type XlsxTable = Table & {
  sheets: readonly string[];
  /** As the sheet has it, which may be wrong; `null`: it does not say. */
  rowsEstimated: number | null;
};

/**
 * A sheet of a workbook in a file on disk. Its first row with a word in it has the headings. Cells are what people see,
 * but dates are in ISO 8601 and thousands are not grouped. Nothing stays open: the rows open the file themselves,
 * each time they are gone through, and keep a file beside it while the texts of the workbook do not fit in memory.
 */
export async function readXlsx(path: string, options: XlsxOptions): Promise<XlsxTable> {
  const { sheets, name, first, lastLine } = await readHead(path, options);
  if (!first) throw fileInvalid(`has nothing in its sheet "${name}"`);
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
    return { ...sheet.told(), first: value ? value[0] : undefined };
  } finally {
    await sheet.close();
  }
}

async function* rowsAfterHeadings(path: string, options: XlsxOptions): AsyncGenerator<readonly TableRow[]> {
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
      told: () => ({ sheets: workbook.sheets.map((it) => it.name), name, lastLine }),
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
