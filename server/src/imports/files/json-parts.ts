import { reason } from "@clientele/contract/field-errors";
import { parseJson } from "../../json/parse.ts";
import { fileInvalid } from "./file-invalid.ts";
import { recordBytesMax } from "./record.ts";

/** As it is written: a row of the list, or the value of another attribute of the document. */
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

/** What is said of a document in which something else stands where this has to. */
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
 * Cuts a document in UTF-8, `[row, …]` or `{"<list>": [row, …], …}`, into its rows and attributes. What stands
 * between these is judged here; they themselves are judged by whoever parses them.
 */
export function openJsonCutter(list: string): { cut(piece: Uint8Array): JsonPart[]; end(): void } {
  let next: keyof typeof missing = "document";
  let attribute: string | undefined;
  let hasList = false;
  let line = 1;
  /** The part that has begun, and the place in it. */
  let part: { line: number } | undefined;
  let held: Uint8Array = Buffer.alloc(0);
  let [at, depth, inText] = [0, 0, false];

  const broken = () => fileInvalid(reason(missing[next], { line }));

  /** Goes on to where the part ends. False when that is not in these bytes. */
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

  /** What a byte between the parts means. True when a part begins with it. */
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
    cut(piece) {
      const bytes = held.length === 0 ? asBuffer(piece) : Buffer.concat([held, piece]);
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
      // A copy, because whoever gave the piece may use its memory again.
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

/** Where a text is closed. Past the end, when that is not in these bytes or an escape is cut. */
function quoteFrom(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) break;
    if (byte === backslash) at++;
  }
  return at;
}

/** What a number or a word ends before. */
const endsPlain = (byte: number): boolean =>
  byte === comma || byte === colon || byte === closeArray || byte === closeObject || isSpace(byte);

const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === lineFeed || byte === 0x0d || byte === 0x09;

/** Of the byte order mark of UTF-8. */
const isOfMark = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf;

function nameOf(bytes: Buffer, line: number): string {
  try {
    return parseJson(bytes) as string;
  } catch (cause) {
    throw fileInvalid(reason("JSON_FILE_NAME_INVALID", { line }), cause);
  }
}
