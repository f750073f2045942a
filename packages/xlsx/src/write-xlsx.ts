// biome-ignore-all lint/style/noNonNullAssertion: a row has the cells of its columns.
import { type PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";
import {
  contentTypes,
  packageRelationships,
  styles,
  workbook,
  workbookRelationships,
} from "./package-parts.ts";
import { escapeText } from "./text-escapes.ts";

type Row = readonly string[];

/** Maximum rows of a sheet, including the headings. */
const sheetRowsLimit = 1_048_576;
const chunkCharacters = 65_536;
/** Two thirds of the time of the default level; the file is 5 % larger. */
const compressionLevel = 3;
/** Constant, so that equal rows give equal bytes: an import recognizes a file by its hash. */
const mtime = new Date(Date.UTC(1980, 0, 1, 12));

/**
 * Streams a workbook in chunks. Every cell is text, so leading zeros stay and no formula runs. Rows that exceed the
 * limit of a sheet continue in the next one with the same headings.
 */
export async function* writeXlsx(
  sheetName: string,
  headings: Row,
  rows: AsyncIterable<readonly Row[]>,
  sheetRowsMax = sheetRowsLimit,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  const source = new Rows(rows);
  let sheet: Readable | undefined;
  const write = async () => {
    const names: string[] = [];
    do {
      names.push(names.length === 0 ? sheetName : `${sheetName} ${names.length + 1}`);
      sheet = Readable.from(sheetXml(headings, source, sheetRowsMax, names.length === 1), {
        highWaterMark: 1,
      });
      zip.addReadStream(sheet, `xl/worksheets/sheet${names.length}.xml`, { compressionLevel, mtime });
      await finished(sheet);
    } while (await source.hasMore());
    const parts = {
      "[Content_Types].xml": contentTypes(names.length),
      "_rels/.rels": packageRelationships,
      "xl/workbook.xml": workbook(names),
      "xl/_rels/workbook.xml.rels": workbookRelationships(names.length),
      "xl/styles.xml": styles,
    };
    for (const [name, xml] of Object.entries(parts)) zip.addBuffer(Buffer.from(xml), name, { mtime });
    zip.end();
  };
  const written = write().catch((error) => output.destroy(error));
  try {
    yield* output;
  } finally {
    // Ending the output early also ends the rows.
    sheet?.destroy();
    output.destroy();
    await written;
    await source.close();
  }
}

/** Rows that arrive in batches and are taken one by one, across sheets. */
class Rows {
  readonly #batches: AsyncIterator<readonly Row[]>;
  #batch: readonly Row[] = [];
  #at = 0;

  constructor(batches: AsyncIterable<readonly Row[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (this.#at === this.#batch.length) {
      const next = await this.#batches.next();
      if (next.done) return false;
      this.#batch = next.value;
      this.#at = 0;
    }
    return true;
  }

  /** The next row of the current batch; undefined at its end: call `hasMore`. */
  next(): Row | undefined {
    return this.#batch[this.#at] && this.#batch[this.#at++];
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

const textStyle = 1;
const headingStyle = 2;

async function* sheetXml(
  headings: Row,
  rows: Rows,
  rowsMax: number,
  selected: boolean,
): AsyncGenerator<Buffer> {
  const letters: string[] = [];
  let line = 1;
  let xml = sheetHead(headings, selected) + rowXml(letters, line, headings, headingStyle);
  while (line < rowsMax && (await rows.hasMore())) {
    for (let row = rows.next(); row; row = line < rowsMax ? rows.next() : undefined) {
      xml += rowXml(letters, ++line, row, textStyle);
      if (xml.length < chunkCharacters) continue;
      yield Buffer.from(xml);
      xml = "";
    }
  }
  yield Buffer.from(`${xml}</sheetData>${ignoreNumbersAsText}</worksheet>`);
}

const ignoreNumbersAsText =
  '<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>';

/** Columns are 12 to 40 characters wide and of the text format; the heading row is frozen. */
function sheetHead(headings: Row, selected: boolean): string {
  const columns = headings.map((heading, index) => {
    const width = Math.min(40, Math.max(12, heading.length + 3));
    return `<col min="${index + 1}" max="${index + 1}" width="${width}" style="${textStyle}" customWidth="1"/>`;
  });
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView${
    selected ? ' tabSelected="1"' : ""
  } workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${
    columns.length > 0 ? `<cols>${columns.join("")}</cols>` : ""
  }<sheetData>`;
}

function rowXml(letters: string[], line: number, cells: Row, style: number): string {
  let xml = `<row r="${line}">`;
  for (let column = 0; column < cells.length; column++) {
    const text = cells[column]!;
    if (text === "") continue;
    letters[column] ??= lettersOf(column);
    xml += `<c r="${letters[column]}${line}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`;
  }
  return `${xml}</row>`;
}

/** `A` for 0, `AB` for 27. */
function lettersOf(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : lettersOf(Math.floor(column / 26) - 1) + letter;
}
