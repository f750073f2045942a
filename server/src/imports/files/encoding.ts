// biome-ignore-all lint/style/noNonNullAssertion: indexes stay within the bytes.
import { isAscii, isUtf8 } from "node:buffer";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { fileInvalid } from "./file-invalid.ts";

export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof encodings)[number];

/** Bytes inspected for a byte order mark, a signature and the NULs of UTF-16. */
const openingBytes = 4096;

/**
 * Detects the encoding of a stream: by byte order mark; by the NULs of UTF-16; else UTF-8 when all of it is valid; else
 * Windows-1252. `found` throws when the file is not text.
 */
export function openEncodingDetector(): { see(chunk: Uint8Array): void; found(): Encoding } {
  let opening = Buffer.alloc(0);
  let sizeBytes = 0;
  let firstNul = -1;
  const utf8 = openUtf8Check();
  return {
    see(chunk) {
      if (opening.length < openingBytes)
        opening = Buffer.concat([opening, chunk.subarray(0, openingBytes - opening.length)]);
      if (firstNul === -1) {
        const at = chunk.indexOf(0);
        if (at !== -1) firstNul = sizeBytes + at;
      }
      sizeBytes += chunk.length;
      utf8.see(chunk);
    },
    found() {
      if (sizeBytes === 0) throw fileInvalid(reason("FILE_EMPTY"));
      const kind = signatures.find(([bytes]) => opening.subarray(0, bytes.length).equals(bytes))?.[1];
      if (kind) throw fileInvalid(kind);
      const marked = markOf(opening);
      const wide = marked ?? (firstNul === -1 ? undefined : patternOf(opening));
      if (wide === "utf-16le" || wide === "utf-16be") return wide;
      if (firstNul !== -1) throw fileInvalid(reason("FILE_NUL_CHARACTER_AT", { byte: firstNul }));
      const { valid, line, hasCharacters } = utf8.found();
      if (valid) return "utf-8";
      // Decoding as Windows-1252 would silently corrupt accented names.
      if (marked === "utf-8" || hasCharacters) throw fileInvalid(reason("FILE_UTF8_BROKEN", { line }));
      return "windows-1252";
    },
  };
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");

const signatures: readonly [Buffer, Reason][] = [
  [bytesOf("504b0304"), reason("FILE_ZIP")],
  [bytesOf("d0cf11e0a1b11ae1"), reason("FILE_EXCEL_97")],
  [bytesOf("1f8b08"), reason("FILE_COMPRESSED", { program: "gzip" })],
  [bytesOf("28b52ffd"), reason("FILE_COMPRESSED", { program: "zstd" })],
  [Buffer.from("%PDF-"), reason("FILE_PDF")],
  [bytesOf("fffe0000"), reason("FILE_UTF32")],
  [bytesOf("0000feff"), reason("FILE_UTF32")],
];

const marks: readonly [Buffer, Encoding][] = [
  [bytesOf("efbbbf"), "utf-8"],
  [bytesOf("fffe"), "utf-16le"],
  [bytesOf("feff"), "utf-16be"],
];

const markOf = (opening: Buffer): Encoding | undefined =>
  marks.find(([bytes]) => opening.subarray(0, bytes.length).equals(bytes))?.[1];

/**
 * In UTF-16 one byte of each delimiter, digit and line end is NUL in any language. In another file with a stray NUL,
 * nearly all pairs of bytes are two ASCII characters.
 */
function patternOf(opening: Buffer): Encoding | undefined {
  let [little, big, narrow] = [0, 0, 0];
  for (let at = 0; at + 1 < opening.length; at += 2) {
    const [first, second] = [opening[at]!, opening[at + 1]!];
    if (first !== 0 && second === 0) little++;
    else if (first === 0 && second !== 0) big++;
    else if (first < 0x7f && second < 0x7f) narrow++;
  }
  // Few characters, such as U+4E00, have their NUL on the other side.
  if (little > big * 3 && little * 2 >= narrow) return "utf-16le";
  if (big > little * 3 && big * 2 >= narrow) return "utf-16be";
  return undefined;
}

type Utf8Found = {
  valid: boolean;
  /** The line that was reached. */
  line: number;
  /** Whether there were characters beyond ASCII so far. */
  hasCharacters: boolean;
};

function openUtf8Check(): { see(chunk: Uint8Array): void; found(): Utf8Found } {
  let cut: Uint8Array = Buffer.alloc(0);
  let broken = false;
  let hasCharacters = false;
  let line = 1;
  const inspect = (bytes: Uint8Array): void => {
    if (isAscii(bytes)) line += lineFeedsIn(bytes);
    else if (isUtf8(bytes)) {
      line += lineFeedsIn(bytes);
      hasCharacters = true;
    } else {
      broken = true;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
      const good = text.slice(0, text.indexOf("\ufffd"));
      hasCharacters ||= /[^\0-\x7f]/.test(good.replace("\ufeff", ""));
      line += good.split("\n").length - 1;
    }
  };
  return {
    see(chunk) {
      if (broken) return;
      const bytes = cut.length === 0 ? chunk : Buffer.concat([cut, chunk]);
      const end = bytes.length - cutCharacterIn(bytes);
      cut = Uint8Array.prototype.slice.call(bytes, end);
      inspect(bytes.subarray(0, end));
    },
    found() {
      if (!broken) inspect(cut);
      return { valid: !broken, line, hasCharacters };
    },
  };
}

/** The number of bytes at the end that begin a character of the next chunk. */
function cutCharacterIn(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function lineFeedsIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0x0a) count++;
  return count;
}
