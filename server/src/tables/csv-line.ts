import { protectFormula } from "./formula.ts";

/** Without it Excel reads UTF-8 in the system's code page. Imports skip it. */
export const byteOrderMark = "\ufeff";

// Every possible delimiter is quoted, so that detection finds only the real one.
const needsQuotes = /[",;\t|\r\n]/;

/** A CSV line whose cells no spreadsheet runs as formulas. */
export const csvLine = (cells: readonly string[], delimiter: string): string =>
  `${cells.map(cellOf).join(delimiter)}\r\n`;

function cellOf(text: string): string {
  const cell = protectFormula(text);
  return needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
