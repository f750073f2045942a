import { normalized } from "../text/normalize.ts";

export const defaultListSeparator = ";";

/** The entries of a list cell: separated values, or a JSON array. */
export function readList(cell: string, separator: string): string[] {
  const entries = (cell.startsWith("[") ? jsonList(cell) : null) ?? cell.split(separator);
  return entries.map(normalized).filter((value) => value !== "");
}

/** The cell that `readList` reads as these entries: separated where no entry contains the separator, else JSON. */
export function writeList(entries: readonly string[], separator = defaultListSeparator): string {
  const cell = entries.join(separator);
  const read = readList(cell, separator);
  const isSame = read.length === entries.length && read.every((value, index) => value === entries[index]);
  return isSame ? cell : JSON.stringify(entries);
}

function jsonList(cell: string): string[] | null {
  try {
    const list: unknown = JSON.parse(cell);
    return Array.isArray(list) && list.every((value) => typeof value === "string") ? list : null;
  } catch {
    return null;
  }
}
