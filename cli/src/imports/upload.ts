import type { Answer, Client } from "@clientele/sdk";
import { formatBytes, formatDuration } from "../format-numbers.ts";
import { note, startProgressBar } from "../terminal.ts";
import type { FileOptions } from "./file-options.ts";
import { importQuery, withOptionNames } from "./file-options.ts";
import { Interrupted } from "./import-progress.ts";
import { inputFile } from "./input-file.ts";

/** Uploads the file and shows the progress on a terminal. */
export async function upload(
  client: Client,
  path: string,
  options: FileOptions & { dryRun: boolean; isInteractive: boolean },
): Promise<Answer<"createImport">> {
  let startedAtMs = Date.now();
  let onSent: (sent: number) => void = () => undefined;
  const file = await inputFile(path, options.type, (sent) => onSent(sent));
  const query = { ...importQuery(options), ...(options.dryRun ? { dry_run: 1 } : {}) };
  if (path === "-" && process.stdin.isTTY) note("Reading from the terminal; end with Ctrl-D.");
  const { sizeBytes } = file;
  if (!options.isInteractive)
    note(`Uploading ${file.name}${sizeBytes === null ? "" : ` (${formatBytes(sizeBytes)})`}.`);
  const bar = options.isInteractive ? startProgressBar("uploading") : null;
  onSent = (sent) => {
    if (sent === 0) startedAtMs = Date.now();
    const seconds = (Date.now() - startedAtMs) / 1000;
    const rate = sent / Math.max(seconds, 0.1);
    const progress = `${formatBytes(sent)}${sizeBytes === null ? "" : ` of ${formatBytes(sizeBytes)}`}, ${formatBytes(Math.round(rate))}/s`;
    const remaining =
      sizeBytes !== null && sent > 0 ? `, ${formatDuration((sizeBytes - sent) / rate)} left` : "";
    bar?.show(sizeBytes === null ? 0 : sent / sizeBytes, progress + remaining);
  };
  const stopping = new AbortController();
  const interrupted = () => stopping.abort(new Interrupted());
  process.once("SIGINT", interrupted);
  try {
    const answer = await client.createImport({ ...query, body: file.body }, { signal: stopping.signal });
    bar?.stop();
    if (answer.data.phase !== "queued") note(duplicateUploadMessage(answer.data));
    return answer;
  } catch (error) {
    bar?.stop();
    if (!(error instanceof Interrupted)) throw withOptionNames(error);
    note("Upload interrupted. Nothing is imported unless `clientele imports list` shows the import.");
    // An open standard input keeps the process alive.
    if (path === "-") process.stdin.destroy();
    throw error;
  } finally {
    process.off("SIGINT", interrupted);
  }
}

const duplicateUploadMessage = ({ id, createdAt }: Answer<"createImport">["data"]): string =>
  `The same file was already sent with the same options: it is import ${id} of ${createdAt}. Use --again to import it again.`;
