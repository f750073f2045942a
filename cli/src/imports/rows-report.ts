import type { Item } from "@clientele/sdk";
import { table } from "../operator/print.ts";
import { shown } from "../terminal.ts";

type Row = Item<"listImportRows">;

const shownMax = 60;

/** Rows under each other, and beside each what it says or would change. */
export function rowLines(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ line, outcome, id, ...row }) => {
    const said = [
      ...faultsOf(row.errors),
      ...faultsOf(row.warnings, "warning: "),
      ...row.changes.map(changeOf),
    ];
    const [first = "", ...others] = said;
    return [[`${line}`, outcome, id ?? "", first], ...others.map((text) => ["", "", "", text])];
  });
  return table(["LINE", "OUTCOME", "CUSTOMER", "SAYS"], lines);
}

const faultsOf = (faults: Row["errors"], before = ""): string[] =>
  faults.map(({ path, message }) => before + shown(path === "" ? message : `${path}: ${message}`));

const changeOf = ({ label, before, after }: Row["changes"][number]): string =>
  `${shown(label)}: ${shownValue(before)} → ${shownValue(after)}`;

function shownValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  const text = shown(typeof value === "string" ? value : JSON.stringify(value));
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}
