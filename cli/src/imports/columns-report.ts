import type { ImportJob } from "@clientele/sdk";
import { printable } from "../terminal.ts";

type Column = ImportJob["columns"][number];

/** Lists unmapped columns with their options, ignored columns, and created fields. */
export function columnsReport({ columns, problem, dryRun }: ImportJob): string[] {
  const unmapped = columns.filter(({ target, ignored }) => target === null && ignored === null);
  const ignored = columns.filter(({ target, ignored }) => target === null && ignored !== null);
  const created = columns.filter(({ creates }) => creates);
  const stopped = problem?.code === "IMPORT_COLUMNS_UNMAPPED";
  return [
    ...(stopped
      ? [
          "",
          ...(unmapped.length > 0
            ? unmapped.map(unmappedLine)
            : problem.details.map(({ path }) => `  ${printable(path)}`)),
        ]
      : unmapped.length > 0
        ? ["", "Columns without a field (not imported):", ...unmapped.map(unmappedLine)]
        : []),
    ...(stopped || (dryRun && unmapped.length > 0)
      ? ["", ...mappingOptions(unmapped.map(nameOf)[0] ?? problem?.details[0]?.path)]
      : []),
    ...(ignored.length > 0 ? ["", `Ignored columns: ${ignored.map(ignoredColumn).join(", ")}`] : []),
    ...(created.length > 0
      ? [
          "",
          `${dryRun ? "Fields to create" : "Fields created"}: ${created.map(({ label }) => printable(label)).join(", ")}`,
        ]
      : []),
  ];
}

const nameOf = ({ heading, position }: Column): string =>
  heading.trim() === "" ? `#${position}` : printable(heading);

function unmappedLine(column: Column): string {
  const samples = column.samples.map((sample) => JSON.stringify(printable(sample))).join(", ");
  return `  ${nameOf(column)}${samples === "" ? "  (no values)" : `  such as ${samples}`}`;
}

const ignoredReasons = {
  asked: "as requested",
  "read-only": "read-only",
  report: "added by the errors file",
} as const;

const ignoredColumn = (column: Column): string =>
  `${nameOf(column)} (${ignoredReasons[column.ignored ?? "asked"]})`;

function mappingOptions(heading = "Heading"): string[] {
  const name = printable(heading);
  return [
    "Map each of these columns:",
    `  to an existing field  --map "${name}=<field>"`,
    `  to a new field        --map "${name}=+" (or --create-fields for all of them)`,
    `  to nothing            --map "${name}=" (or --on-unknown warn for all of them)`,
  ];
}
