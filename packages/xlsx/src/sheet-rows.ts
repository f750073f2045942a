import { appendText, cellTextOf } from "./cell-text.ts";
import type { SharedStrings } from "./shared-strings.ts";
import { unescapeText } from "./text-escapes.ts";
import { xlsxError } from "./xlsx-error.ts";
import { type Attributes, readXml } from "./xml.ts";
import type { ZipParts } from "./zip-parts.ts";

const columnsMax = 16_384;
const batchRows = 500;
const batchCharacters = 500_000;
/** Memory of a cell, even if it is empty. */
const placeCharacters = 8;
const rowCharactersMax = 8_000_000;

/** A row of a sheet, with fewer or more cells than there are headings. */
export type XlsxRow = {
  /** The row's number in the sheet, from 1. */
  line: number;
  cells: readonly string[];
};

type Cell = { column: number; type: string; style: number; stored: string };
type Row = { line: number; cells: string[]; characters: number };

/** Returns the text of a stored number in a cell of that style. */
export type NumberTexts = (style: number, stored: string) => string;

/**
 * Reads the rows of a sheet that are not blank, each cell as its displayed text. `onSize` receives the number of the
 * last row if the sheet declares it before its rows.
 */
export async function* readSheetRows(
  parts: ZipParts,
  part: string,
  strings: SharedStrings,
  numberTexts: NumberTexts,
  onSize: (lastLine: number) => void,
): AsyncGenerator<readonly XlsxRow[], void> {
  const references = referencesTo(strings);
  const text = cellTextOf();
  let row: Row = { line: 0, cells: [], characters: 0 };
  let cell: Cell | null = null;
  let nextColumn = 0;
  let inValue = false;
  let finished: Row[] = [];
  let batch: XlsxRow[] = [];
  let characters = 0;

  const open = (name: string, attributes: Attributes) => {
    if (name === "v") inValue = cell !== null;
    else if (name === "c") {
      if (cell) throw xlsxError("CELL_NESTED");
      const { r, t = "n", s } = attributes;
      const column = r === undefined ? nextColumn : columnOf(r);
      if (column >= columnsMax) throw xlsxError("TOO_MANY_COLUMNS", { line: row.line });
      nextColumn = column + 1;
      cell = { column, type: t, style: Number(s ?? 0), stored: "" };
      text.begin();
    } else if (name === "row") {
      const { r = "" } = attributes;
      row = { line: /^[1-9]\d{0,8}$/.test(r) ? Number(r) : row.line + 1, cells: [], characters: 0 };
      nextColumn = 0;
    } else if (name === "dimension") {
      const lastLine = /:[A-Z]+(\d+)$/.exec(attributes["ref"] ?? "")?.[1];
      if (lastLine) onSize(Number(lastLine));
    } else if (cell) text.open(name, attributes);
  };
  const add = (piece: string) => {
    if (inValue && cell) cell.stored = appendText(cell.stored, piece);
    else text.add(piece);
  };
  const close = (name: string) => {
    if (name === "v") inValue = false;
    else if (name === "c" && cell) {
      if (cell.type === "s" && cell.stored !== "") references.add(row, cell.column, cell.stored);
      else put(row, cell.column, textOf(cell, text.end(), numberTexts));
      cell = null;
    } else if (name === "row") {
      finished.push(row);
    } else if (cell) text.close(name);
  };

  for await (const _ of readXml(parts.read(part), part, "worksheet", { open, text: add, close })) {
    await references.resolve();
    for (const { line, cells, characters: more } of finished) {
      if (!hasWord(cells)) continue;
      batch.push({ line, cells });
      characters += more;
    }
    finished = [];
    if (batch.length < batchRows && characters < batchCharacters) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

function textOf({ type, style, stored }: Cell, inline: string, numberTexts: NumberTexts): string {
  if (type === "n") return stored === "" ? "" : numberTexts(style, stored);
  if (type === "b") return stored === "1" || stored === "true" ? "true" : stored === "" ? "" : "false";
  if (type === "str") return unescapeText(stored);
  if (type === "d")
    return stored.replace(/T00:00:00(\.0+)?Z?$/, "").replace(/(T\d\d:\d\d:\d\d)(\.\d+)?Z?$/, "$1");
  // Some programs write an inline string as a value.
  return type === "inlineStr" && stored === "" ? inline : stored;
}

/** Replaces the numbers of shared strings by their texts. */
function referencesTo(strings: SharedStrings) {
  const waiting: { row: Row; column: number; index: number }[] = [];
  let furthest = -1;
  return {
    add(row: Row, column: number, stored: string): void {
      const index = Number(stored);
      if (!Number.isSafeInteger(index) || index < 0) {
        throw xlsxError("TEXT_REFERENCE_INVALID", { reference: stored.slice(0, 20) });
      }
      if (index > furthest) furthest = index;
      // Keeps the position, so that later cells are in the right column.
      put(row, column, " ");
      waiting.push({ row, column, index });
    },
    async resolve(): Promise<void> {
      await strings.reach(furthest);
      for (const { row, column, index } of waiting) fill(row, column, strings.get(index));
      waiting.length = 0;
    },
  };
}

function put(row: Row, column: number, text: string): void {
  if (text === "") return;
  for (; row.cells.length < column; row.characters += placeCharacters) row.cells.push("");
  fill(row, column, text);
}

function fill(row: Row, column: number, text: string): void {
  row.cells[column] = text;
  row.characters += text.length + placeCharacters;
  if (row.characters > rowCharactersMax)
    throw xlsxError("ROW_TOO_LONG", { max: rowCharactersMax, line: row.line });
}

/** Removes empty cells at the end. */
function hasWord(cells: string[]): boolean {
  while (cells.at(-1) === "") cells.pop();
  return cells.some((cell) => /\S/.test(cell));
}

const codeOfA = 65;

/** 0 for `A1`, 27 for `AB12`. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const letter = (reference.charCodeAt(at) & ~32) - codeOfA;
    if (letter < 0 || letter > 25) break;
    column = column * 26 + letter + 1;
  }
  if (column === 0) throw xlsxError("CELL_REFERENCE_INVALID", { reference: reference.slice(0, 20) });
  return column - 1;
}
