import { reason } from "@clientele/contract/field-errors";
import type { Encoding } from "./encoding.ts";
import { fileInvalid } from "./file-invalid.ts";
import type { Bytes } from "./table.ts";

/** What is made of large pieces is garbage faster than it is collected: 300 MB at 1 MB, half of it at this. */
const pieceBytes = 64 * 1024;

/** The text of a file in small pieces, without a byte order mark. */
export async function* decoded(bytes: Bytes, encoding: Encoding): AsyncGenerator<string> {
  const decoder = encoding === "windows-1252" ? windows1252 : unicode(encoding);
  for await (const piece of small(bytes)) {
    const text = decoder.next(piece);
    if (text.includes("\0")) throw fileInvalid(reason("FILE_NUL_CHARACTER"));
    if (text !== "") yield text;
  }
  decoder.end();
}

/** The same in UTF-8, which is what files of JSON are read in. */
export async function* inUtf8(bytes: Bytes, encoding: Encoding): AsyncGenerator<Uint8Array> {
  if (encoding === "utf-8") yield* small(bytes);
  else for await (const text of decoded(bytes, encoding)) yield Buffer.from(text);
}

async function* small(bytes: Bytes): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes)
    for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
}

type Decoder = { next(piece: Uint8Array): string; end(): void };

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
    next: (piece) => orRefused(() => decoder.decode(piece, { stream: true })),
    end: () => orRefused(() => decoder.decode()),
  };
}

/** The bytes 80 to 9F. The rest is Latin-1. */
const upper = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** TextDecoder reads these as control characters in some releases of Node. */
const windows1252: Decoder = {
  next: (piece) =>
    Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      .toString("latin1")
      .replace(/[\x80-\x9f]/g, (byte) => upper[byte.charCodeAt(0) - 0x80]!),
  end: () => {},
};
