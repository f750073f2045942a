import type { Client, ImportJob } from "@clientele/sdk";
import { plural } from "../format-numbers.ts";
import { print } from "../print.ts";
import { saveFile } from "../save-file.ts";
import { note } from "../terminal.ts";
import { Interrupted, showProgress } from "./import-progress.ts";
import { firstErrors, importReport, nextSteps } from "./import-report.ts";

export type ReportOptions = { json?: true; errors?: string };

/** Whether to show progress bars: standard error is a terminal and no JSON is requested. */
export const isInteractive = ({ json }: { json?: true }): boolean => !json && process.stderr.isTTY === true;

/** Waits for the end of the import and prints its report. Null after Ctrl-C. */
export async function waitAndReport(
  client: Client,
  importId: string,
  options: ReportOptions,
): Promise<ImportJob | null> {
  const job = await waitForImport(client, importId, options);
  if (job === null) return null;
  await printReport(client, job, options);
  return job;
}

export async function waitForImport(
  client: Client,
  importId: string,
  options: ReportOptions,
): Promise<ImportJob | null> {
  return unlessInterrupted(() => showProgress(client, importId, isInteractive(options)));
}

/** Null, with exit code 130, after Ctrl-C. */
export async function unlessInterrupted<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.exitCode = 130;
    return null;
  }
}

/** Prints the report, writes the errors file, and sets exit code 1 if anything failed. */
export async function printReport(
  client: Client,
  job: ImportJob,
  { json, errors }: ReportOptions,
): Promise<void> {
  const rowErrors = json ? [] : await firstErrors(client, job);
  print(json, job, importReport(job, rowErrors, nextSteps(job, { hasErrorsFile: errors !== undefined })));
  if (errors !== undefined) await saveErrors(client, job, errors);
  if (job.phase !== "completed" || job.failed > 0) process.exitCode = 1;
}

async function saveErrors(client: Client, job: ImportJob, path: string): Promise<void> {
  if (job.failed === 0) return note(`No row failed, so ${path} was not written.`);
  await saveFile(await client.fetchImportErrors({ importId: job.id }), path);
  note(`${plural(job.failed, "failed row")} written to ${path}. Fix the file and import it again.`);
}
