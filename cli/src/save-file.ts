import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FileAnswer } from "@clientele/sdk";
import { OperatorError } from "@clientele/server";

/**
 * Streams a downloaded file to `path`; `-` is standard output. Writes to `<path>.part` and renames it at the end, so
 * `path` never holds a partial file.
 */
export async function saveFile(
  { body }: Pick<FileAnswer, "body">,
  path: string,
  onBytes: (written: number) => void = () => undefined,
): Promise<void> {
  let written = 0;
  const counting = new Transform({
    transform(chunk, _, done) {
      written += chunk.length;
      onBytes(written);
      done(null, chunk);
    },
  });
  const bytes = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  if (path === "-") {
    await pipeline(bytes, counting, process.stdout, { end: false }).catch((error) => {
      // A closed pipe is not an error (`clientele export - | head`).
      if (error.code !== "EPIPE") throw error;
    });
    return;
  }
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) throw new OperatorError(`${path} is a folder, not a file.`);
  const isRegularFile = found === null || found.isFile();
  const part = isRegularFile ? `${path}.part` : path;
  try {
    await pipeline(bytes, counting, createWriteStream(part));
    if (isRegularFile) await rename(part, path);
  } catch (cause) {
    if (isRegularFile) await rm(part, { force: true });
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    const reason = code === "ENOENT" ? "its folder does not exist" : code;
    throw new OperatorError(`${path} cannot be written: ${reason}.`, { cause });
  }
}
