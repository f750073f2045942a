import { reason } from "@clientele/contract/field-errors";
import { type CsvError, parse } from "csv-parse";
import { required } from "../../validation/required.ts";
import { findDelimiter, sampleCharacters, separatorLine } from "./delimiter.ts";
import { fileInvalid } from "./file-invalid.ts";
import type { Table, TableRow } from "./table.ts";

/** Bounds the memory of a row. */
const cellCharactersMax = 200_000;
const columnsMax = 2_000;
const rowBytesMax = 8 * 1024 * 1024;

/**
 * Reads delimited text. Cells are unchanged, headings trimmed, rows without a word omitted. The delimiter is detected
 * when none is given.
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
    headings: required(headings, "headings").cells.map((heading) => heading.trim()),
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

async function* readRows(text: AsyncIterable<string>, delimiter: string, firstLine: number) {
  let rows: TableRow[] = [];
  let line = firstLine;
  const parser = parse({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: rowBytesMax,
    // Collected here, rows bypass the parser's object stream, and blank lines can be counted.
    on_record: (cells: string[]) => {
      if (cells.length > columnsMax)
        throw fileInvalid(reason("CSV_TOO_MANY_COLUMNS", { max: columnsMax, count: cells.length, line }));
      if (cells.some((cell) => /\S/.test(cell))) rows.push({ line, cells });
      line += 1 + lineBreaksIn(cells, line);
      return undefined;
    },
  });
  // Errors reach the call that caused them; without a listener they would end the process.
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

/** The parser counts CRLF in a quoted cell as two lines. */
function lineBreaksIn(cells: string[], line: number): number {
  let breaks = 0;
  for (const cell of cells) {
    if (cell.length > cellCharactersMax)
      throw fileInvalid(reason("CSV_CELL_TOO_LONG", { max: cellCharactersMax, line }));
    if (cell.includes("\n") || cell.includes("\r"))
      breaks += required(cell.match(/\r\n|\r|\n/g), "line breaks").length;
  }
  return breaks;
}

/** @param line first line of the row that cannot be read. */
function asProblem(error: Error, line: number): Error {
  const { code } = error as CsvError;
  if (code === "CSV_QUOTE_NOT_CLOSED") return fileInvalid(reason("CSV_QUOTE_NOT_CLOSED", { line }), error);
  if (code === "CSV_MAX_RECORD_SIZE") return fileInvalid(reason("CSV_ROW_TOO_LONG", { line }), error);
  return error;
}
