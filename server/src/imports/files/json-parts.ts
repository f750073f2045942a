// biome-ignore-all lint/style/noNonNullAssertion: indexes stay within the bytes.
import { reason } from "@clientele/contract/field-errors";
import { parseJson } from "../../json/parse.ts";
import { fileInvalid } from "./file-invalid.ts";
import { recordBytesMax } from "./record.ts";

/** The bytes of a row of the list, or of the value of another attribute of the document. */
export type JsonPart = { attribute: string | undefined; line: number; bytes: Buffer };

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const lineFeed = 0x0a;

/** The error of a document by the token that was expected. */
const missing = {
  document: "JSON_FILE_NOT_LIST_OR_OBJECT",
  nameOrEnd: "JSON_FILE_NAME_MISSING",
  name: "JSON_FILE_NAME_MISSING",
  colon: "JSON_FILE_COLON_MISSING",
  value: "JSON_FILE_VALUE_MISSING",
  attributeEnd: "JSON_FILE_BRACE_MISSING",
  rowOrEnd: "JSON_FILE_ROW_MISSING",
  row: "JSON_FILE_ROW_MISSING",
  rowEnd: "JSON_FILE_BRACKET_MISSING",
  nothing: "JSON_FILE_TEXT_AFTER_END",
} as const;

/**
 * Cuts a UTF-8 document, `[row, …]` or `{"<list>": [row, …], …}`, into its rows and attributes. Only the syntax between
 * them is checked here; the caller parses each.
 */
export function openJsonCutter(list: string): { cut(chunk: Uint8Array): JsonPart[]; end(): void } {
  let next: keyof typeof missing = "document";
  let attribute: string | undefined;
  let hasList = false;
  let line = 1;
  /** The unfinished part. */
  let part: { line: number } | undefined;
  let held: Uint8Array = Buffer.alloc(0);
  let [at, depth, inText] = [0, 0, false];

  const broken = () => fileInvalid(reason(missing[next], { line }));

  /** Advances to the end of the part. Returns false when these bytes do not contain it. */
  function reachesEnd(bytes: Uint8Array): boolean {
    const end = bytes.length;
    let [here, level, text, ends] = [at, depth, inText, false];
    while (here < end && !ends) {
      const byte = bytes[here]!;
      if (text) {
        here = quoteFrom(bytes, here);
        if (here >= end) break;
        here++;
        text = false;
        ends = level === 0;
      } else if (level === 0 && endsPlain(byte)) {
        ends = true;
      } else {
        here++;
        if (byte === quote) text = true;
        else if (byte === openObject || byte === openArray) level++;
        else if (byte === closeObject || byte === closeArray) ends = --level === 0;
        else if (byte === lineFeed) line++;
      }
    }
    at = here;
    depth = level;
    inText = text;
    return ends;
  }

  /** Handles a byte between parts. Returns true when it begins a part. */
  function beginsPart(byte: number): boolean {
    const isList = next === "value" && attribute === list;
    if (next === "document" && byte === openArray) {
      hasList = true;
      next = "rowOrEnd";
    } else if (next === "document" && byte === openObject) {
      attribute = "";
      next = "nameOrEnd";
    } else if ((next === "nameOrEnd" || next === "name") && byte === quote) return true;
    else if ((next === "nameOrEnd" || next === "attributeEnd") && byte === closeObject) next = "nothing";
    else if (next === "attributeEnd" && byte === comma) next = "name";
    else if (next === "colon" && byte === colon) next = "value";
    else if (isList) {
      if (byte !== openArray) throw fileInvalid(reason("JSON_FILE_NO_LIST_IN", { list, line }));
      if (hasList) throw fileInvalid(reason("JSON_FILE_ATTRIBUTE_REPEATED", { attribute: list, line }));
      hasList = true;
      next = "rowOrEnd";
    } else if ((next === "rowOrEnd" || next === "rowEnd") && byte === closeArray)
      next = attribute === undefined ? "nothing" : "attributeEnd";
    else if (next === "rowEnd" && byte === comma) next = "row";
    else if (next === "value" || next === "row" || next === "rowOrEnd") {
      if (endsPlain(byte)) throw broken();
      return true;
    } else throw broken();
    return false;
  }

  function take(bytes: Buffer, begun: { line: number }): JsonPart[] {
    if (next === "nameOrEnd" || next === "name") {
      attribute = nameOf(bytes, begun.line);
      next = "colon";
      return [];
    }
    const isRow = next !== "value";
    next = isRow ? "rowEnd" : "attributeEnd";
    return [{ attribute: isRow ? undefined : attribute, line: begun.line, bytes }];
  }

  return {
    cut(chunk) {
      const bytes = held.length === 0 ? asBuffer(chunk) : Buffer.concat([held, chunk]);
      const parts: JsonPart[] = [];
      let start = 0;
      while (at < bytes.length) {
        if (!part) {
          const byte = bytes[at]!;
          if (byte === lineFeed) line++;
          const isNothing = isSpace(byte) || (next === "document" && isOfMark(byte));
          if (isNothing || !beginsPart(byte)) {
            at++;
            continue;
          }
          part = { line };
          start = at;
        }
        const ends = reachesEnd(bytes);
        if (at - start > recordBytesMax)
          throw fileInvalid(reason("JSON_FILE_PART_TOO_LARGE", { max: recordBytesMax, line: part.line }));
        if (!ends) break;
        parts.push(...take(bytes.subarray(start, at), part));
        part = undefined;
      }
      // A copy, because the caller may reuse the chunk's memory.
      held = part ? Uint8Array.prototype.slice.call(bytes, start) : Buffer.alloc(0);
      at -= part ? start : bytes.length;
      return parts;
    },
    end() {
      if (next === "document") throw fileInvalid(reason("FILE_EMPTY"));
      if (part) throw fileInvalid(reason("JSON_FILE_PART_NOT_CLOSED", { line: part.line }));
      if (next !== "nothing") throw fileInvalid(reason("JSON_FILE_NOT_CLOSED", { line }));
      if (!hasList) throw fileInvalid(reason("JSON_FILE_WITHOUT_LIST", { list }));
    },
  };
}

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);

/** The index of the closing quote; at least the length when these bytes do not contain it. */
function quoteFrom(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) break;
    if (byte === backslash) at++;
  }
  return at;
}

/** Whether a number or a word ends before this byte. */
const endsPlain = (byte: number): boolean =>
  byte === comma || byte === colon || byte === closeArray || byte === closeObject || isSpace(byte);

const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === lineFeed || byte === 0x0d || byte === 0x09;

/** Whether the byte belongs to UTF-8's byte order mark. */
const isOfMark = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf;

function nameOf(bytes: Buffer, line: number): string {
  try {
    return parseJson(bytes) as string;
  } catch (cause) {
    throw fileInvalid(reason("JSON_FILE_NAME_INVALID", { line }), cause);
  }
}
