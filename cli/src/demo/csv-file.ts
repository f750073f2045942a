import { readFileSync } from "node:fs";
import { OperatorError } from "@clientele/server";
import { parse } from "csv-parse/sync";

/** Reads a CSV file with a header line and trims its values. Throws a `OperatorError` if a column is missing. */
export function readCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
): Record<Column, string>[] {
  const rows = rowsOf(path);
  const missing = columns.filter((name) => !(name in (rows[0] ?? {})));
  if (missing.length > 0) throw new OperatorError(`${path} has no column ${missing.join(", ")}.`);
  return rows as Record<Column, string>[];
}

function rowsOf(path: string): Record<string, string>[] {
  try {
    return parse(readFileSync(path), { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new OperatorError(`There is no file ${path}.`, { cause });
    throw new OperatorError(`${path} cannot be read: ${message}.`, { cause });
  }
}
