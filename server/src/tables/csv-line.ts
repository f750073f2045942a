import { protectFormula } from "./formula.ts";

/** Without it Excel takes UTF-8 for the encoding of the machine. An import reads past it. */
export const byteOrderMark = "\ufeff";

// Whatever might be taken for the delimiter stands in quotes, so that there is only one that can be found.
const needsQuotes = /[",;\t|\r\n]/;

/** A line of a file that is opened in spreadsheets: none of its cells is run as a formula. */
export const csvLine = (cells: readonly string[], delimiter: string): string =>
  `${cells.map(cellOf).join(delimiter)}\r\n`;

function cellOf(text: string): string {
  const cell = protectFormula(text);
  return needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
