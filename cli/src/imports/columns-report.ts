import type { ImportJob } from "@clientele/sdk";
import { shown } from "../terminal.ts";

type Column = ImportJob["columns"][number];

/** What the columns of a file mean, as far as a person must know: what was not imported, and what was made. */
export function columnsReport({ columns, problem, dryRun }: ImportJob): string[] {
  const without = columns.filter(({ target, ignored }) => target === null && ignored === null);
  const leftOut = columns.filter(({ target, ignored }) => target === null && ignored !== null);
  const made = columns.filter(({ creates }) => creates);
  const stopped = problem?.code === "IMPORT_COLUMNS_UNMAPPED";
  return [
    ...(stopped
      ? [
          "",
          ...(without.length > 0 ? without.map(line) : problem.details.map(({ path }) => `  ${shown(path)}`)),
        ]
      : without.length > 0
        ? ["", "Columns without a field, of which nothing is imported:", ...without.map(line)]
        : []),
    ...(stopped || (dryRun && without.length > 0)
      ? ["", ...choices(without.map(nameOf)[0] ?? problem?.details[0]?.path)]
      : []),
    ...(leftOut.length > 0 ? ["", `Columns left out: ${leftOut.map(leftOutAs).join(", ")}`] : []),
    ...(made.length > 0
      ? [
          "",
          `${dryRun ? "Fields to be made" : "Fields made"}: ${made.map(({ label }) => shown(label)).join(", ")}`,
        ]
      : []),
  ];
}

const nameOf = ({ heading, position }: Column): string =>
  heading.trim() === "" ? `#${position}` : shown(heading);

function line(column: Column): string {
  const samples = column.samples.map((sample) => JSON.stringify(shown(sample))).join(", ");
  return `  ${nameOf(column)}${samples === "" ? "  (no values)" : `  such as ${samples}`}`;
}

const why = { asked: "as asked", "read-only": "nobody can write it", report: "of an errors file" } as const;

const leftOutAs = (column: Column): string => `${nameOf(column)} (${why[column.ignored ?? "asked"]})`;

function choices(heading = "Heading"): string[] {
  const name = shown(heading);
  return [
    "Say what is to become of them:",
    `  a field there is   --map "${name}=<field>"`,
    `  a new field        --map "${name}=+" (or --create-fields for all of them)`,
    `  leave it out       --map "${name}=" (or --on-unknown warn for all of them)`,
  ];
}
