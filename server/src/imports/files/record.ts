import { bodyError, type FieldError, Problem } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { parseJson } from "../../json/parse.ts";
import type { RecordRow } from "./table.ts";

/** Larger records are refused. */
export const recordBytesMax = 4 * 1024 * 1024;

/**
 * Parses a record, or returns the reason why it is invalid. `line` is its first line. Throws for text that is not JSON.
 */
export function recordOf(bytes: Buffer, line: number): RecordRow {
  let record: unknown;
  try {
    record = jsonOf(bytes, line);
  } catch (error) {
    if (error instanceof Problem && error.code === "REQUEST_INVALID")
      return { line, fieldErrors: error.fieldErrors };
    throw error;
  }
  const isObject = typeof record === "object" && record !== null && !Array.isArray(record);
  return isObject ? { line, record } : { line, fieldErrors: [invalid(reason("RECORD_NOT_OBJECT"))] };
}

export function jsonOf(bytes: Buffer, line: number): unknown {
  try {
    return parseJson(bytes, undefined, line);
  } catch (error) {
    if (error instanceof Problem && error.code === "JSON_INVALID")
      throw new Problem("IMPORT_FILE_INVALID", {
        fieldErrors: error.fieldErrors.map((fieldError) => ({ ...fieldError, code: "IMPORT_FILE_INVALID" })),
        cause: error,
      });
    throw error;
  }
}

/** An error of a whole record. */
export const invalid = (why: Reason): FieldError => bodyError("", "JSON_INVALID", why);
