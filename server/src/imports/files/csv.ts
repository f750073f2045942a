import { reason } from "@clientele/contract/field-errors";
import { type CsvError, parse } from "csv-parse";
import { findDelimiter, sampleCharacters, separatorLine } from "./delimiter.ts";
import { fileInvalid } from "./file-invalid.ts";
import type { Table, TableRow } from "./table.ts";

/** What keeps a row small enough to be held. */
const cellCharactersMax = 200_000;
const columnsMax = 2_000;
const rowBytesMax = 8 * 1024 * 1024;

/**
 * A file of delimited text. Cells are as they are written, headings without the space around them; rows without a
 * word in them are left out. The delimiter is found when none is given.
 */
export async function readCsv(
  text: AsyncIterable<string>,
  { delimiter }: { delimiter?: string | undefined } = {},
): Promise<Table> {
  const pieces = text[Symbol.asyncIterator]();
  const opening = await openingOf(pieces);
  const separator = separatorLine(opening);
  const rest = separator ? opening.slice(separator.length) : opening;
  const batches = readRows(
    startingWith(rest, pieces),
    delimiter ?? separator?.delimiter ?? findDelimiter(rest.slice(0, sampleCharacters)),
    separator ? 2 : 1,
  );
  let first: IteratorResult<TableRow[], void>;
  do first = await batches.next();
  while (!first.done && first.value.length === 0);
  if (first.done) throw fileInvalid(reason("FILE_EMPTY"));
  const [headings, ...rows] = first.value;
  return {
    headings: headings!.cells.map((heading) => heading.trim()),
    rows: startingWith(rows, batches),
  };
}

async function openingOf(pieces: AsyncIterator<string>): Promise<string> {
  let opening = "";
  while (opening.length < sampleCharacters) {
    const piece = await pieces.next();
    if (piece.done) break;
    opening += piece.value;
  }
  return opening;
}

async function* startingWith<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T, void> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** A batch for each piece of text. */
async function* readRows(text: AsyncIterable<string>, delimiter: string, firstLine: number) {
  let rows: TableRow[] = [];
  let line = firstLine;
  const parser = parse({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: rowBytesMax,
    // Taken here, a row never becomes an object of the stream, and blank lines can be counted.
    on_record: (cells: string[]) => {
      if (cells.length > columnsMax)
        throw fileInvalid(reason("CSV_TOO_MANY_COLUMNS", { max: columnsMax, count: cells.length, line }));
      if (cells.some((cell) => /\S/.test(cell))) rows.push({ line, cells });
      line += 1 + lineBreaksIn(cells, line);
      return undefined;
    },
  });
  // Every error is given to the call that it comes from.
  parser.on("error", () => {});
  const refused = (error: Error) => asProblem(error, line);
  for await (const piece of text) {
    await new Promise<void>((done, failed) =>
      parser.write(piece, (error) => (error ? failed(refused(error)) : done())),
    );
    yield rows;
    rows = [];
  }
  await new Promise<void>((done, failed) =>
    parser.end((error?: Error | null) => (error ? failed(refused(error)) : done())),
  );
  yield rows;
}

/** The parser's own count of lines takes CRLF in a quoted cell for two. */
function lineBreaksIn(cells: string[], line: number): number {
  let breaks = 0;
  for (const cell of cells) {
    if (cell.length > cellCharactersMax)
      throw fileInvalid(reason("CSV_CELL_TOO_LONG", { max: cellCharactersMax, line }));
    if (cell.includes("\n") || cell.includes("\r")) breaks += cell.match(/\r\n|\r|\n/g)!.length;
  }
  return breaks;
}

/** `line` is where the row begins that could not be read. */
function asProblem(error: Error, line: number): Error {
  const { code } = error as CsvError;
  if (code === "CSV_QUOTE_NOT_CLOSED") return fileInvalid(reason("CSV_QUOTE_NOT_CLOSED", { line }), error);
  if (code === "CSV_MAX_RECORD_SIZE") return fileInvalid(reason("CSV_ROW_TOO_LONG", { line }), error);
  return error;
}
