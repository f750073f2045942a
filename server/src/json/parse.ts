import { isUtf8 } from "node:buffer";
import { bodyError, Problem } from "@clientele/contract/errors";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { type JsonLimits, scanJson } from "./scan.ts";

export const jsonLimits: JsonLimits = { depthMax: 32, keysMax: 100_000, objectKeysMax: 10_000 };
/** Of a list of rows: 10,000 of them with a hundred fields each, and some more. */
export const rowsLimits: JsonLimits = { ...jsonLimits, keysMax: 3_000_000 };

/**
 * The value of a JSON text. What is not UTF-8, not JSON, or not safe to handle is refused, naming the place.
 * `firstLine` is for a piece of a longer text: the line of that text it begins on.
 */
export function parseJson(bytes: Buffer, limits: JsonLimits = jsonLimits, firstLine = 1): unknown {
  if (!isUtf8(bytes)) throw invalid(`is not UTF-8 at byte ${firstInvalidByte(bytes)}`);
  const { fieldErrors, refused } = scanJson(bytes, limits);
  if (refused) throw new Problem("REQUEST_INVALID", { fieldErrors });
  const text = bytes.toString("utf8", startsWithMark(bytes) ? byteOrderMark.length : 0);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own message has pieces of the body in it.
    throw invalid(`is not JSON: ${placeOfError(text, firstLine)}`);
  }
  if (fieldErrors.length > 0) throw new Problem("REQUEST_INVALID", { fieldErrors });
  return value;
}

/** Allowed to be there, and of no meaning. */
const byteOrderMark = Buffer.from("\ufeff");
const startsWithMark = (bytes: Buffer): boolean =>
  bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);

const invalid = (message: string): Problem =>
  new Problem("JSON_INVALID", { fieldErrors: [bodyError("", "JSON_INVALID", message)] });

/** A slower parser than the engine's, which says where it stopped. */
function placeOfError(text: string, firstLine: number): string {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const [first] = errors;
  if (!first) return "it cannot be read";
  const before = text.slice(0, first.offset);
  const line = firstLine - 1 + before.split("\n").length;
  const column = first.offset - before.lastIndexOf("\n");
  return `${sentences[printParseErrorCode(first.error)] ?? "unexpected text"} at line ${line}, column ${column}`;
}

const sentences: Record<string, string> = {
  PropertyNameExpected: "an attribute's name is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: "a closing brace is missing",
  CloseBracketExpected: "a closing bracket is missing",
  EndOfFileExpected: "there is text after the end",
  InvalidCommentToken: "there is a comment",
  UnexpectedEndOfComment: "there is a comment",
  UnexpectedEndOfString: "a text is not closed",
  UnexpectedEndOfNumber: "a number is not finished",
  InvalidUnicode: "an escape is not valid",
  InvalidEscapeCharacter: "an escape is not valid",
  InvalidCharacter: "a character has to be escaped",
};

/** Where decoding had to put U+FFFD, other than for one that the body really has. */
function firstInvalidByte(bytes: Buffer): number {
  const text = bytes.toString();
  const replacement = Buffer.from("\ufffd");
  let [from, byte] = [0, 0];
  for (;;) {
    const at = text.indexOf("\ufffd", from);
    byte += Buffer.byteLength(text.slice(from, at));
    if (!bytes.subarray(byte, byte + replacement.length).equals(replacement)) return byte;
    byte += replacement.length;
    from = at + 1;
  }
}
