import type { Client, ImportJob, Item } from "@clientele/sdk";
import { count, duration, plural } from "../measures.ts";
import { table } from "../operator/print.ts";
import { shown } from "../terminal.ts";
import { columnsReport } from "./columns-report.ts";

const faultsMax = 10;

export type Fault = { line: number; column: string; message: string };

/** The first faults of the rows that failed. */
export async function firstFaults(client: Client, { id, failed }: ImportJob): Promise<Fault[]> {
  if (failed === 0) return [];
  const { data } = await client.listImportRows({ importId: id, outcome: "failed", limit: faultsMax });
  return data.flatMap(faultsOf).slice(0, faultsMax);
}

const faultsOf = ({ line, errors }: Item<"listImportRows">): Fault[] =>
  errors.map(({ path, message }) => ({ line, column: path, message }));

/** What an import has come to, for a person, and what can be done next. */
export function reportOf(
  job: ImportJob,
  faults: readonly Fault[],
  next: readonly [string, string][],
): string {
  return [
    headline(job),
    ...(job.problem && job.problem.code !== "IMPORT_COLUMNS_UNMAPPED" ? problemLines(job.problem) : []),
    ...(hasRows(job) ? ["", tally(job)] : []),
    ...columnsReport(job),
    ...faultLines(job, faults),
    ...(next.length > 0 ? ["", ...nextLines(next)] : []),
  ].join("\n");
}

function headline(job: ImportJob): string {
  const { id, kind, dryRun, phase, file } = job;
  const name = file && file.name !== "" ? ` of ${shown(file.name)}` : "";
  const what =
    kind === "undo"
      ? `Undo ${id} of import ${job.undoes}`
      : kind === "bulk"
        ? `Bulk change ${id}`
        : `Import ${id}${name}`;
  if (phase === "failed") {
    const unmapped = job.problem?.code === "IMPORT_COLUMNS_UNMAPPED";
    if (hasRows(job)) return `${what} has failed.`;
    return `${what} stopped before its first row${unmapped ? ": columns have no field." : "."}`;
  }
  if (phase === "cancelled") return `${what} was cancelled${hasRows(job) ? "; what is written stays" : ""}.`;
  if (phase !== "completed") return `${what} is in the phase ${phase}.`;
  return dryRun ? `Dry run ${id}${name}: nothing is written. It would be:` : `${what} is done.`;
}

const hasRows = ({ rowsRead }: ImportJob): boolean => rowsRead > 0;

function problemLines({ code, message, details }: NonNullable<ImportJob["problem"]>): string[] {
  const more = details.length - faultsMax;
  // The details alone say which option it was.
  const isOption = details.length > 0 && (code === "REQUEST_INVALID" || code === "FIELD_UNKNOWN");
  return [
    ...(isOption ? [] : [`  ${shown(message)}`]),
    ...details.slice(0, faultsMax).map((it) => `  ${shown(`${it.path} ${it.message}`)}`),
    ...(more > 0 ? [`  and ${count(more)} more`] : []),
  ];
}

function tally(job: ImportJob): string {
  const { startedAt, finishedAt, rowsPerSecond } = job;
  const seconds =
    startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : undefined;
  const columns: [string, string][] =
    job.kind === "undo"
      ? [
          ["RESTORED", count(job.updated + job.created)],
          ["REMOVED", count(job.deleted)],
          ["UNCHANGED", count(job.unchanged)],
          ["CHANGED SINCE", count(job.failed)],
        ]
      : [
          ["CREATED", count(job.created)],
          ["UPDATED", count(job.updated)],
          ["UNCHANGED", count(job.unchanged)],
          ...(job.kind === "bulk" ? [["DELETED", count(job.deleted)] as [string, string]] : []),
          ["FAILED", count(job.failed)],
          ["WARNED", count(job.warned)],
        ];
  columns.push(["TIME", seconds === undefined ? "" : seconds < 1 ? "under 1 s" : duration(seconds)]);
  columns.push(["ROWS/S", rowsPerSecond === null ? "" : count(Math.round(rowsPerSecond))]);
  return table(
    columns.map(([name]) => name),
    [columns.map(([, value]) => value)],
  );
}

function faultLines({ failed, kind }: ImportJob, faults: readonly Fault[]): string[] {
  if (faults.length === 0) return [];
  const title =
    kind === "undo"
      ? `${plural(failed, "customer")} changed since and ${failed === 1 ? "stays" : "stay"}`
      : `${plural(failed, "row")} failed`;
  const more = failed > faults.length ? "; the first faults" : "";
  const rows = faults.map(({ line, column, message }) => [`${line}`, shown(column), shown(message)]);
  return ["", `${title}${more}:`, indented(table(["LINE", "COLUMN", "SAYS"], rows))];
}

function nextLines(next: readonly [string, string][]): string[] {
  const width = Math.max(...next.map(([what]) => what.length));
  return ["Next:", ...next.map(([what, command]) => `  ${what.padEnd(width)}  ${command}`)];
}

const indented = (text: string): string => text.replaceAll(/^/gm, "  ");

/** What can be done with an import as it stands. */
export function nextOf(job: ImportJob, { hasErrorsFile = false } = {}): [string, string][] {
  const { id, kind, dryRun, phase, failed, undoneBy, created, updated, deleted } = job;
  const next: [string, string][] = [];
  const isImport = kind === "import";
  if (!["completed", "failed", "cancelled"].includes(phase))
    return [
      ["follow it", `clientele imports follow ${id}`],
      ["cancel it", `clientele imports cancel ${id}`],
    ];
  if (isImport && failed > 0 && !hasErrorsFile)
    next.push(["the rows that failed, to be mended", `clientele imports errors ${id} errors.csv`]);
  if (dryRun && hasRows(job)) next.push(["what each row would do", `clientele imports rows ${id}`]);
  if (dryRun && phase === "completed") next.push(["do it", `clientele imports apply ${id}`]);
  if (kind !== "undo" && !dryRun && undoneBy === null && created + updated + deleted > 0)
    next.push(["undo it", `clientele imports undo ${id}`]);
  return next;
}
