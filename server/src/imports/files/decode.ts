// biome-ignore-all lint/style/noNonNullAssertion: the pattern matches only the 32 bytes of the table.
import { reason } from "@clientele/contract/field-errors";
import type { Encoding } from "./encoding.ts";
import { fileInvalid } from "./file-invalid.ts";
import type { Bytes } from "./table.ts";

/** Larger chunks create garbage faster than it is collected: 300 MB at 1 MB, half of that at this size. */
const chunkBytes = 64 * 1024;

/** Decodes a file into small chunks of text, without its byte order mark. */
export async function* decoded(bytes: Bytes, encoding: Encoding): AsyncGenerator<string> {
  const decoder = encoding === "windows-1252" ? windows1252 : unicode(encoding);
  for await (const chunk of small(bytes)) {
    const text = decoder.next(chunk);
    if (text.includes("\0")) throw fileInvalid(reason("FILE_NUL_CHARACTER"));
    if (text !== "") yield text;
  }
  decoder.end();
}

/** Recodes a file to UTF-8, which the JSON readers expect. */
export async function* inUtf8(bytes: Bytes, encoding: Encoding): AsyncGenerator<Uint8Array> {
  if (encoding === "utf-8") yield* small(bytes);
  else for await (const text of decoded(bytes, encoding)) yield Buffer.from(text);
}

async function* small(bytes: Bytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes)
    for (let at = 0; at < chunk.length; at += chunkBytes) yield chunk.subarray(at, at + chunkBytes);
}

type Decoder = { next(chunk: Uint8Array): string; end(): void };

function unicode(encoding: Encoding): Decoder {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const orRefused = (decode: () => string): string => {
    try {
      return decode();
    } catch (cause) {
      throw fileInvalid(reason("FILE_ENCODING_MISMATCH", { encoding: encoding.toUpperCase() }), cause);
    }
  };
  return {
    next: (chunk) => orRefused(() => decoder.decode(chunk, { stream: true })),
    end: () => orRefused(() => decoder.decode()),
  };
}

/** Bytes 80 to 9F; the others are as in Latin-1. */
const upper = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Own decoder: some releases of Node decode 80 to 9F as control characters. */
const windows1252: Decoder = {
  next: (chunk) =>
    Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
      .toString("latin1")
      .replace(/[\x80-\x9f]/g, (byte) => upper[byte.charCodeAt(0) - 0x80]!),
  end: () => {},
};
