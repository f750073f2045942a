import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { FileBody } from "@clientele/sdk";
import { Refusal } from "@clientele/server";

/** What is to be imported: the body of the call, and how many bytes of it there are where that is known. */
export type GivenFile = { name: string; sizeBytes: number | null; body: FileBody };

/** Told how many bytes were sent; from 0 again when a broken connection makes it start anew. */
export type OnSent = (bytes: number) => void;

const typeByEnding: Readonly<Record<string, string>> = {
  csv: "text/csv",
  txt: "text/csv",
  tsv: "text/tab-separated-values",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export const endings = Object.keys(typeByEnding);

/** Opens nothing yet, but says at once what will not work. `-` is standard input. */
export async function givenFile(
  path: string,
  ending: string | undefined,
  onSent: OnSent,
): Promise<GivenFile> {
  if (path === "-") {
    // A stream is there once: what of it was sent is not sent again.
    const body = { file: counted(process.stdin, onSent), ...typeOf(ending ?? "") };
    return { name: "standard input", sizeBytes: null, body };
  }
  const sizeBytes = await sizeOf(path);
  const name = basename(path);
  const file = () => counted(createReadStream(path, { highWaterMark: 256 * 1024 }), onSent);
  return { name, sizeBytes, body: { file, name, ...typeOf(ending ?? name) } };
}

/** By the ending of a name, `.gz` apart. What has none is known by its content. */
function typeOf(name: string): Pick<FileBody, "type" | "contentEncoding"> {
  const [, ending = "", gz] = /(?:^|\.)([^.]*?)(\.gz)?$/i.exec(name) ?? [];
  return {
    type: typeByEnding[ending.toLowerCase()] ?? "application/octet-stream",
    ...(gz ? { contentEncoding: "gzip" } : {}),
  };
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new Refusal(`${path} is a folder, not a file.`);
    await access(path, constants.R_OK);
    if (found.isFile() && found.size === 0)
      throw new Refusal(`${path} is empty: there is nothing to import.`);
    return found.isFile() ? found.size : null;
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new Refusal(`There is no file ${path}.`, { cause });
    throw new Refusal(`${path} cannot be read (${code}).`, { cause });
  }
}

async function* counted(bytes: AsyncIterable<Uint8Array>, onSent: OnSent): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const piece of bytes) {
    onSent(sent);
    sent += piece.length;
    yield piece;
  }
  onSent(sent);
}
