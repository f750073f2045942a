import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FileAnswer } from "@clientele/sdk";
import { Refusal } from "@clientele/server";

/**
 * Writes a file that is answered while it arrives; `-` is standard output. Under its name there is the whole file or
 * none: until then it is called `….part`.
 */
export async function save(
  { body }: Pick<FileAnswer, "body">,
  path: string,
  onBytes: (written: number) => void = () => undefined,
): Promise<void> {
  let written = 0;
  const counting = new Transform({
    transform(piece, _, done) {
      written += piece.length;
      onBytes(written);
      done(null, piece);
    },
  });
  const bytes = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  if (path === "-") {
    await pipeline(bytes, counting, process.stdout, { end: false }).catch((error) => {
      // Whoever read it has seen enough (`clientele export - | head`).
      if (error.code !== "EPIPE") throw error;
    });
    return;
  }
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) throw new Refusal(`${path} is a folder, not a file.`);
  const isPlain = found === null || found.isFile();
  const part = isPlain ? `${path}.part` : path;
  try {
    await pipeline(bytes, counting, createWriteStream(part));
    if (isPlain) await rename(part, path);
  } catch (cause) {
    if (isPlain) await rm(part, { force: true });
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    const why = code === "ENOENT" ? "its folder is not there" : code;
    throw new Refusal(`${path} cannot be written: ${why}.`, { cause });
  }
}
