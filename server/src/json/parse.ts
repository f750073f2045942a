import { isUtf8 } from "node:buffer";
import { bodyError, Problem } from "@clientele/contract/errors";
import { type FieldErrorKey, type Reason, reason } from "@clientele/contract/field-errors";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { type JsonLimits, scanJson } from "./scan.ts";

export const jsonLimits: JsonLimits = { depthMax: 32, keysMax: 100_000, objectKeysMax: 10_000 };
/** Enough for 10,000 rows with a hundred fields each. */
export const rowsLimits: JsonLimits = { ...jsonLimits, keysMax: 3_000_000 };

/**
 * Parses a JSON text. Refuses text that is not UTF-8, not JSON, or not safe to process, with the path. `firstLine` is
 * the line of the whole text at which a chunk begins.
 */
export function parseJson(bytes: Buffer, limits: JsonLimits = jsonLimits, firstLine = 1): unknown {
  if (!isUtf8(bytes)) throw invalid(reason("JSON_NOT_UTF8", { byte: firstInvalidByte(bytes) }));
  const { fieldErrors, refused } = scanJson(bytes, limits);
  if (refused) throw new Problem("REQUEST_INVALID", { fieldErrors });
  const text = bytes.toString("utf8", startsWithMark(bytes) ? byteOrderMark.length : 0);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own message quotes the body.
    throw invalid(syntaxError(text, firstLine));
  }
  if (fieldErrors.length > 0) throw new Problem("REQUEST_INVALID", { fieldErrors });
  return value;
}

/** A byte order mark is allowed and ignored. */
const byteOrderMark = Buffer.from("\ufeff");
const startsWithMark = (bytes: Buffer): boolean =>
  bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);

const invalid = (why: Reason): Problem =>
  new Problem("JSON_INVALID", { fieldErrors: [bodyError("", "JSON_INVALID", why)] });

/** A slower parser than the engine's, which reports the position of the error. */
function syntaxError(text: string, firstLine: number): Reason {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const [first] = errors;
  if (!first) return reason("JSON_UNREADABLE");
  const before = text.slice(0, first.offset);
  const line = firstLine - 1 + before.split("\n").length;
  const column = first.offset - before.lastIndexOf("\n");
  return reason(keys[printParseErrorCode(first.error)] ?? "JSON_UNEXPECTED_TEXT", { line, column });
}

type SyntaxErrorKey = Extract<
  FieldErrorKey,
  | "JSON_UNEXPECTED_TEXT"
  | "JSON_NAME_MISSING"
  | "JSON_VALUE_MISSING"
  | "JSON_COLON_MISSING"
  | "JSON_COMMA_MISSING"
  | "JSON_BRACE_MISSING"
  | "JSON_BRACKET_MISSING"
  | "JSON_TEXT_AFTER_END"
  | "JSON_COMMENT"
  | "JSON_TEXT_NOT_CLOSED"
  | "JSON_NUMBER_NOT_FINISHED"
  | "JSON_ESCAPE_INVALID"
  | "JSON_CHARACTER_NOT_ESCAPED"
>;

const keys: Record<string, SyntaxErrorKey> = {
  PropertyNameExpected: "JSON_NAME_MISSING",
  ValueExpected: "JSON_VALUE_MISSING",
  ColonExpected: "JSON_COLON_MISSING",
  CommaExpected: "JSON_COMMA_MISSING",
  CloseBraceExpected: "JSON_BRACE_MISSING",
  CloseBracketExpected: "JSON_BRACKET_MISSING",
  EndOfFileExpected: "JSON_TEXT_AFTER_END",
  InvalidCommentToken: "JSON_COMMENT",
  UnexpectedEndOfComment: "JSON_COMMENT",
  UnexpectedEndOfString: "JSON_TEXT_NOT_CLOSED",
  UnexpectedEndOfNumber: "JSON_NUMBER_NOT_FINISHED",
  InvalidUnicode: "JSON_ESCAPE_INVALID",
  InvalidEscapeCharacter: "JSON_ESCAPE_INVALID",
  InvalidCharacter: "JSON_CHARACTER_NOT_ESCAPED",
};

/** The position at which decoding inserted U+FFFD, other than one that the body contains. */
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
