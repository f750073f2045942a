import type { Client, ImportJob, Item } from "@clientele/sdk";
import { formatCount, formatDuration, plural } from "../format-numbers.ts";
import { table } from "../print.ts";
import { printable } from "../terminal.ts";
import { columnsReport } from "./columns-report.ts";

const errorsMax = 10;

export type RowError = { line: number; column: string; message: string };

/** Errors of the first failed rows, at most ten. */
export async function firstErrors(client: Client, { id, failed }: ImportJob): Promise<RowError[]> {
  if (failed === 0) return [];
  const { data } = await client.listImportRows({ importId: id, outcome: "failed", limit: errorsMax });
  return data.flatMap(rowErrors).slice(0, errorsMax);
}

const rowErrors = ({ line, errors }: Item<"listImportRows">): RowError[] =>
  errors.map(({ path, message }) => ({ line, column: path, message }));

/** The printed report: headline, counts, columns, errors and next steps. */
export function importReport(
  job: ImportJob,
  errors: readonly RowError[],
  next: readonly [string, string][],
): string {
  return [
    headline(job),
    ...(job.problem && job.problem.code !== "IMPORT_COLUMNS_UNMAPPED" ? problemLines(job.problem) : []),
    ...(hasRows(job) ? ["", countsTable(job)] : []),
    ...columnsReport(job),
    ...errorLines(job, errors),
    ...(next.length > 0 ? ["", ...nextStepLines(next)] : []),
  ].join("\n");
}

function headline(job: ImportJob): string {
  const { id, kind, dryRun, phase, file } = job;
  const name = file && file.name !== "" ? ` of ${printable(file.name)}` : "";
  const what =
    kind === "undo"
      ? `Undo ${id} of import ${job.undoes}`
      : kind === "bulk"
        ? `Bulk change ${id}`
        : `Import ${id}${name}`;
  if (phase === "failed") {
    const unmapped = job.problem?.code === "IMPORT_COLUMNS_UNMAPPED";
    if (hasRows(job)) return `${what} failed.`;
    return `${what} stopped before the first row${unmapped ? ": some columns match no field." : "."}`;
  }
  if (phase === "cancelled")
    return `${what} was cancelled${hasRows(job) ? "; rows already written stay" : ""}.`;
  if (phase !== "completed") return `${what}: ${phase}.`;
  return dryRun
    ? `Dry run ${id}${name}: nothing was written. An import would result in:`
    : `${what} completed.`;
}

const hasRows = ({ rowsRead }: ImportJob): boolean => rowsRead > 0;

function problemLines({ code, message, details }: NonNullable<ImportJob["problem"]>): string[] {
  const more = details.length - errorsMax;
  // Its details name the option.
  const isOption = details.length > 0 && (code === "REQUEST_INVALID" || code === "FIELD_UNKNOWN");
  return [
    ...(isOption ? [] : [`  ${printable(message)}`]),
    ...details.slice(0, errorsMax).map(({ path, message }) => `  ${printable(`${path} ${message}`)}`),
    ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
  ];
}

function countsTable(job: ImportJob): string {
  const { startedAt, finishedAt, rowsPerSecond } = job;
  const seconds =
    startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : undefined;
  const columns: [string, string][] =
    job.kind === "undo"
      ? [
          ["RESTORED", formatCount(job.updated + job.created)],
          ["REMOVED", formatCount(job.deleted)],
          ["UNCHANGED", formatCount(job.unchanged)],
          ["CHANGED SINCE", formatCount(job.failed)],
        ]
      : [
          ["CREATED", formatCount(job.created)],
          ["UPDATED", formatCount(job.updated)],
          ["UNCHANGED", formatCount(job.unchanged)],
          ...(job.kind === "bulk" ? [["DELETED", formatCount(job.deleted)] as [string, string]] : []),
          ["FAILED", formatCount(job.failed)],
          ["WARNED", formatCount(job.warned)],
        ];
  columns.push(["TIME", seconds === undefined ? "" : seconds < 1 ? "under 1 s" : formatDuration(seconds)]);
  columns.push(["ROWS/S", rowsPerSecond === null ? "" : formatCount(Math.round(rowsPerSecond))]);
  return table(
    columns.map(([name]) => name),
    [columns.map(([, value]) => value)],
  );
}

function errorLines({ failed, kind }: ImportJob, errors: readonly RowError[]): string[] {
  if (errors.length === 0) return [];
  const title =
    kind === "undo"
      ? `${plural(failed, "customer")} ${failed === 1 ? "has changed since the import and was" : "have changed since the import and were"} not restored`
      : `${plural(failed, "row")} failed`;
  const more = failed > errors.length ? "; first errors" : "";
  const rows = errors.map(({ line, column, message }) => [`${line}`, printable(column), printable(message)]);
  return ["", `${title}${more}:`, indented(table(["LINE", "COLUMN", "MESSAGE"], rows))];
}

function nextStepLines(next: readonly [string, string][]): string[] {
  const width = Math.max(...next.map(([what]) => what.length));
  return ["Next:", ...next.map(([what, command]) => `  ${what.padEnd(width)}  ${command}`)];
}

const indented = (text: string): string => text.replaceAll(/^/gm, "  ");

/** Commands that make sense for the import now, each with a description. */
export function nextSteps(job: ImportJob, { hasErrorsFile = false } = {}): [string, string][] {
  const { id, kind, dryRun, phase, failed, undoneBy, created, updated, deleted } = job;
  const next: [string, string][] = [];
  const isImport = kind === "import";
  if (!["completed", "failed", "cancelled"].includes(phase))
    return [
      ["follow", `clientele imports follow ${id}`],
      ["cancel", `clientele imports cancel ${id}`],
    ];
  if (isImport && failed > 0 && !hasErrorsFile)
    next.push(["download failed rows", `clientele imports errors ${id} errors.csv`]);
  if (dryRun && hasRows(job)) next.push(["preview each row", `clientele imports rows ${id}`]);
  if (dryRun && phase === "completed") next.push(["apply", `clientele imports apply ${id}`]);
  if (kind !== "undo" && !dryRun && undoneBy === null && created + updated + deleted > 0)
    next.push(["undo", `clientele imports undo ${id}`]);
  return next;
}
