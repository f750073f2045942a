import { Problem } from "@clientele/contract/errors";
import { parseJson } from "../../json/parse.ts";
import { fileInvalid } from "./file-invalid.ts";
import type { RecordRow } from "./table.ts";

/** What is larger is no record. */
export const recordBytesMax = 4 * 1024 * 1024;

/** What a piece of a file says, or why it is no record. `line` is where it begins. What is not JSON is refused. */
export function recordOf(bytes: Buffer, line: number): RecordRow {
  let record: unknown;
  try {
    record = jsonOf(bytes, line);
  } catch (error) {
    if (error instanceof Problem && error.code === "REQUEST_INVALID")
      return { line, fieldError: sentenceOf(error) };
    throw error;
  }
  const isObject = typeof record === "object" && record !== null && !Array.isArray(record);
  return isObject ? { line, record } : { line, fieldError: "is not an object" };
}

/** What a piece of a file says. */
export function jsonOf(bytes: Buffer, line: number): unknown {
  try {
    return parseJson(bytes, undefined, line);
  } catch (error) {
    if (error instanceof Problem && error.code === "JSON_INVALID")
      throw fileInvalid(sentenceOf(error), error);
    throw error;
  }
}

export const sentenceOf = ({ fieldErrors }: Problem): string =>
  fieldErrors.map(({ path, message }) => (path === "" ? message : `${path} ${message}`)).join("; ");
