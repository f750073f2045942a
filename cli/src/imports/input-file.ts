import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { FileBody } from "@clientele/sdk";
import { OperatorError } from "@clientele/server";

/** A file to import: the request body and its size, null if unknown. */
export type InputFile = { name: string; sizeBytes: number | null; body: FileBody };

/** Receives the number of bytes sent so far; restarts at 0 with each retry. */
export type OnSent = (bytes: number) => void;

const typeByExtension: Readonly<Record<string, string>> = {
  csv: "text/csv",
  txt: "text/csv",
  tsv: "text/tab-separated-values",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export const fileExtensions = Object.keys(typeByExtension);

/** Checks that the file is readable and not empty; opens it with each try. `-` is standard input. */
export async function inputFile(
  path: string,
  extension: string | undefined,
  onSent: OnSent,
): Promise<InputFile> {
  if (path === "-") {
    // Standard input can be read only once, so a started upload is not retried.
    const body = { file: reportProgress(process.stdin, onSent), ...typeOf(extension ?? "") };
    return { name: "standard input", sizeBytes: null, body };
  }
  const sizeBytes = await sizeOf(path);
  const name = basename(path);
  const file = () => reportProgress(createReadStream(path, { highWaterMark: 256 * 1024 }), onSent);
  return { name, sizeBytes, body: { file, name, ...typeOf(extension ?? name) } };
}

/** Media type by file extension, `.gz` aside. The service detects the type of any other file by its content. */
function typeOf(name: string): Pick<FileBody, "type" | "contentEncoding"> {
  const [, extension = "", gz] = /(?:^|\.)([^.]*?)(\.gz)?$/i.exec(name) ?? [];
  return {
    type: typeByExtension[extension.toLowerCase()] ?? "application/octet-stream",
    ...(gz ? { contentEncoding: "gzip" } : {}),
  };
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new OperatorError(`${path} is a folder, not a file.`);
    await access(path, constants.R_OK);
    if (found.isFile() && found.size === 0)
      throw new OperatorError(`${path} is empty: there is nothing to import.`);
    return found.isFile() ? found.size : null;
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new OperatorError(`There is no file ${path}.`, { cause });
    throw new OperatorError(`${path} cannot be read (${code}).`, { cause });
  }
}

async function* reportProgress(bytes: AsyncIterable<Uint8Array>, onSent: OnSent): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of bytes) {
    onSent(sent);
    sent += chunk.length;
    yield chunk;
  }
  onSent(sent);
}
