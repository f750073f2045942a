import { Problem } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { required } from "../../validation/required.ts";
import { invalid, recordBytesMax, recordOf } from "./record.ts";
import type { Bytes, RecordRow } from "./table.ts";

const lineFeed = 0x0a;
const tooLarge = invalid(reason("RECORD_TOO_LARGE", { max: recordBytesMax }));

/** The rows of a UTF-8 file with an object on each line. Other lines have an error; blank ones are omitted. */
export async function* readNdjson(bytes: Bytes): AsyncGenerator<readonly RecordRow[], void> {
  let line = 1;
  let begun: Uint8Array[] = [];
  let partialLineBytes = 0;
  const keep = (part: Uint8Array): void => {
    partialLineBytes += part.length;
    if (partialLineBytes > recordBytesMax) begun = [];
    else if (part.length > 0) begun.push(part);
  };
  const ended = (): RecordRow[] => {
    const whole = begun.length === 1 ? required(begun[0], "the chunk") : Buffer.concat(begun);
    const isTooLarge = partialLineBytes > recordBytesMax;
    begun = [];
    partialLineBytes = 0;
    if (isTooLarge) return [{ line, fieldErrors: [tooLarge] }];
    return isBlank(whole) ? [] : [rowOf(asBuffer(whole), line)];
  };
  for await (const chunk of bytes) {
    const rows: RecordRow[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      keep(chunk.subarray(from, at));
      rows.push(...ended());
      line++;
      from = at + 1;
    }
    // A copy, because the source may reuse the chunk's memory.
    keep(chunk.slice(from));
    yield rows;
  }
  yield ended();
}

function rowOf(bytes: Buffer, line: number): RecordRow {
  try {
    return recordOf(bytes, line);
  } catch (error) {
    if (error instanceof Problem) return { line, fieldErrors: error.fieldErrors };
    throw error;
  }
}

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);

/** A line of spaces, tabs and the CR of its end. */
const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
