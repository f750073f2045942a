import type { Client, ImportJob } from "@clientele/sdk";
import { plural } from "../measures.ts";
import { print } from "../operator/print.ts";
import { save } from "../save.ts";
import { note } from "../terminal.ts";
import { firstFaults, nextOf, reportOf } from "./report.ts";
import { Left, watch } from "./watch.ts";

export type FinishOptions = { json?: true; errors?: string };

/** Bars are for a person who watches, and not in the way of a program. */
export const isWatched = ({ json }: { json?: true }): boolean => !json && process.stderr.isTTY === true;

/** Follows the import to its end and tells what it came to. Null when the person has left before. */
export async function finish(
  client: Client,
  importId: string,
  options: FinishOptions,
): Promise<ImportJob | null> {
  const job = await followed(client, importId, options);
  if (job === null) return null;
  await tell(client, job, options);
  return job;
}

export async function followed(
  client: Client,
  importId: string,
  options: FinishOptions,
): Promise<ImportJob | null> {
  return unlessLeft(() => watch(client, importId, isWatched(options)));
}

/** Null, and the exit code of Ctrl-C, when the person has left. */
export async function unlessLeft<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    process.exitCode = 130;
    return null;
  }
}

/** Its report, its errors file, and the exit code: 1 when anything of it has failed. */
export async function tell(client: Client, job: ImportJob, { json, errors }: FinishOptions): Promise<void> {
  const faults = json ? [] : await firstFaults(client, job);
  print(json, job, reportOf(job, faults, nextOf(job, { hasErrorsFile: errors !== undefined })));
  if (errors !== undefined) await saveErrors(client, job, errors);
  if (job.phase !== "completed" || job.failed > 0) process.exitCode = 1;
}

async function saveErrors(client: Client, job: ImportJob, path: string): Promise<void> {
  if (job.failed === 0) return note(`No row failed: ${path} is not written.`);
  await save(await client.fetchImportErrors({ importId: job.id }), path);
  note(`${plural(job.failed, "row")} that failed: ${path}. Mended, the file can be imported again.`);
}
