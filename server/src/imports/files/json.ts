import { bodyError, Problem } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { fileInvalid } from "./file-invalid.ts";
import { type JsonPart, openJsonCutter } from "./json-parts.ts";
import { jsonOf, recordOf } from "./record.ts";
import type { Bytes, RecordRow } from "./table.ts";

/** The attribute with the rows in a document that is an object. */
const list = "customers";

/**
 * The rows of a UTF-8 document, `[…]` or `{"customers": […], …}`. Invalid JSON rejects the document; a valid value that
 * is no object is an error of its row.
 */
export async function* readJsonRows(bytes: Bytes): AsyncGenerator<readonly RecordRow[], void> {
  for await (const parts of partsOf(bytes))
    yield parts
      .filter(({ attribute }) => attribute === undefined)
      .map((part) => recordOf(part.bytes, part.line));
}

/** The attributes beside the rows, which are not parsed. */
export async function readJsonOptions(bytes: Bytes): Promise<Record<string, unknown>> {
  const options = new Map<string, unknown>();
  for await (const parts of partsOf(bytes))
    for (const { attribute, line, bytes } of parts) {
      if (attribute === undefined) continue;
      if (options.has(attribute))
        throw fileInvalid(reason("JSON_FILE_ATTRIBUTE_REPEATED", { attribute, line }));
      options.set(attribute, optionOf(attribute, bytes, line));
    }
  return Object.fromEntries(options);
}

async function* partsOf(bytes: Bytes): AsyncGenerator<JsonPart[], void> {
  const cutter = openJsonCutter(list);
  for await (const chunk of bytes) yield cutter.cut(chunk);
  cutter.end();
}

function optionOf(attribute: string, bytes: Buffer, line: number): unknown {
  try {
    return jsonOf(bytes, line);
  } catch (error) {
    if (!(error instanceof Problem) || error.code === "IMPORT_FILE_INVALID") throw error;
    throw new Problem("IMPORT_FILE_INVALID", {
      fieldErrors: [
        bodyError("", "IMPORT_FILE_INVALID", reason("JSON_FILE_ATTRIBUTE_INVALID", { attribute, line })),
        ...error.fieldErrors.map((fieldError) => ({
          ...fieldError,
          path: [attribute, fieldError.path].filter((name) => name !== "").join("."),
          code: "IMPORT_FILE_INVALID" as const,
        })),
      ],
      cause: error,
    });
  }
}
