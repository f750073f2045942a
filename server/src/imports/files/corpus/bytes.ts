import type { Encoding } from "../encoding.ts";
import type { Bytes } from "../table.ts";

export const utf8 = (text: string): Buffer => Buffer.from(text);
export const utf16le = (text: string): Buffer => Buffer.from(text, "utf16le");
export const utf16be = (text: string): Buffer => utf16le(text).swap16();
/** Throws when the encoding has no such character. */
export const windows1252 = (text: string): Buffer => Buffer.from(Array.from(text, byteOf));

export const encoders: Record<Encoding, (text: string) => Buffer> = {
  "utf-8": utf8,
  "utf-16le": utf16le,
  "utf-16be": utf16be,
  "windows-1252": windows1252,
};

function byteOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  const byte = upper[character];
  if (byte === undefined) throw new Error(`${character} is not in Windows-1252`);
  return byte;
}

const upper: Record<string, number> = {
  "€": 0x80,
  Š: 0x8a,
  Œ: 0x8c,
  Ž: 0x8e,
  "’": 0x92,
  "“": 0x93,
  "”": 0x94,
  "–": 0x96,
  "™": 0x99,
  š: 0x9a,
  œ: 0x9c,
  ž: 0x9e,
  Ÿ: 0x9f,
};

/** The chunks share one buffer, as a file reader's may. */
export async function* inPieces(file: Uint8Array, lengthOf: (index: number) => number): Bytes {
  let memory = new Uint8Array(64);
  for (let at = 0, index = 0; at < file.length; index++) {
    const piece = file.subarray(at, at + Math.max(1, lengthOf(index)));
    if (piece.length > memory.length) memory = new Uint8Array(piece.length * 2);
    memory.fill(0xff);
    memory.set(piece);
    yield memory.subarray(0, piece.length);
    at += piece.length;
  }
}
