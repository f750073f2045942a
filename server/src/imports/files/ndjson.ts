import { Problem } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { invalid, recordBytesMax, recordOf } from "./record.ts";
import type { Bytes, RecordRow } from "./table.ts";

const lineFeed = 0x0a;
const tooLarge = invalid(reason("RECORD_TOO_LARGE", { max: recordBytesMax }));

/** A file in UTF-8 with an object on each line. A line that is none has its error; blank lines are left out. */
export async function* readNdjson(bytes: Bytes): AsyncGenerator<readonly RecordRow[], void> {
  let line = 1;
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  const keep = (part: Uint8Array): void => {
    begunBytes += part.length;
    if (begunBytes > recordBytesMax) begun = [];
    else if (part.length > 0) begun.push(part);
  };
  const ended = (): RecordRow[] => {
    const whole = begun.length === 1 ? begun[0]! : Buffer.concat(begun);
    const isTooLarge = begunBytes > recordBytesMax;
    begun = [];
    begunBytes = 0;
    if (isTooLarge) return [{ line, fieldErrors: [tooLarge] }];
    return isBlank(whole) ? [] : [rowOf(asBuffer(whole), line)];
  };
  for await (const piece of bytes) {
    const rows: RecordRow[] = [];
    let from = 0;
    for (let at = piece.indexOf(lineFeed); at !== -1; at = piece.indexOf(lineFeed, from)) {
      keep(piece.subarray(from, at));
      rows.push(...ended());
      line++;
      from = at + 1;
    }
    // A copy, because whoever gave the piece may use its memory again.
    keep(piece.slice(from));
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

/** Of spaces, tabs and the CR of a line end. */
const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
