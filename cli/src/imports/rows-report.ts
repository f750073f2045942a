import type { Item } from "@clientele/sdk";
import { table } from "../print.ts";
import { printable } from "../terminal.ts";

type Row = Item<"listImportRows">;

const valueLengthMax = 60;

/** A table of rows with the errors, warnings and changes of each. */
export function rowLines(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ line, outcome, id, ...row }) => {
    const details = [
      ...errorLines(row.errors),
      ...errorLines(row.warnings, "warning: "),
      ...row.changes.map(formatChange),
    ];
    const [first = "", ...others] = details;
    return [[`${line}`, outcome, id ?? "", first], ...others.map((text) => ["", "", "", text])];
  });
  return table(["LINE", "OUTCOME", "CUSTOMER", "DETAILS"], lines);
}

const errorLines = (errors: Row["errors"], before = ""): string[] =>
  errors.map(({ path, message }) => before + printable(path === "" ? message : `${path}: ${message}`));

const formatChange = ({ attribute, label, before, after }: Row["changes"][number]): string =>
  `${printable(label || attribute)}: ${formatValue(before)} → ${formatValue(after)}`;

function formatValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  const text = printable(typeof value === "string" ? value : JSON.stringify(value));
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text;
}
