import type { Answer, Client } from "@clientele/sdk";
import { bytes, duration } from "../measures.ts";
import { note, startGauge } from "../terminal.ts";
import type { FileOptions } from "./file-options.ts";
import { inWordsOfOptions, queryOf } from "./file-options.ts";
import { givenFile } from "./given-file.ts";
import { Left } from "./watch.ts";

/** Sends the file, and shows how far it has come to whoever watches. */
export async function upload(
  client: Client,
  path: string,
  options: FileOptions & { dryRun: boolean; isWatched: boolean },
): Promise<Answer<"createImport">> {
  let beganMs = Date.now();
  let onSent: (sent: number) => void = () => undefined;
  const file = await givenFile(path, options.type, (sent) => onSent(sent));
  const query = { ...queryOf(options), ...(options.dryRun ? { dry_run: 1 } : {}) };
  if (path === "-" && process.stdin.isTTY) note("Reading what is typed; Ctrl-D ends it.");
  const { sizeBytes } = file;
  if (!options.isWatched) note(`Sending ${file.name}${sizeBytes === null ? "" : ` (${bytes(sizeBytes)})`}.`);
  const gauge = options.isWatched ? startGauge("sending") : null;
  onSent = (sent) => {
    if (sent === 0) beganMs = Date.now();
    const seconds = (Date.now() - beganMs) / 1000;
    const rate = sent / Math.max(seconds, 0.1);
    const told = `${bytes(sent)}${sizeBytes === null ? "" : ` of ${bytes(sizeBytes)}`}, ${bytes(Math.round(rate))}/s`;
    const left = sizeBytes !== null && sent > 0 ? `, ${duration((sizeBytes - sent) / rate)} left` : "";
    gauge?.show(sizeBytes === null ? 0 : sent / sizeBytes, told + left);
  };
  const stopping = new AbortController();
  const interrupted = () => stopping.abort(new Left());
  process.once("SIGINT", interrupted);
  try {
    const answer = await client.createImport({ ...query, body: file.body }, { signal: stopping.signal });
    gauge?.stop();
    if (answer.data.phase !== "queued") note(knownAlready(answer.data));
    return answer;
  } catch (error) {
    gauge?.stop();
    if (!(error instanceof Left)) throw inWordsOfOptions(error);
    note("Stopped while the file was sent: nothing is imported, unless `clientele imports list` shows it.");
    // Else the process would wait for what is typed.
    if (path === "-") process.stdin.destroy();
    throw error;
  } finally {
    process.off("SIGINT", interrupted);
  }
}

const knownAlready = ({ id, createdAt }: Answer<"createImport">["data"]): string =>
  `This very file was sent with the same options already: it is import ${id} of ${createdAt}. --again imports it anew.`;
