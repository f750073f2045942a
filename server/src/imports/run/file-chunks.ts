import type { Definitions } from "../../custom-fields/definitions.ts";
import type { RowOutcome } from "../../customers/plan.ts";
import type { ParsedRow } from "../../customers/read-row.ts";
import { bytesOf } from "../files/upload-storage.ts";
import { type Result, resultOf } from "../job/row-result.ts";
import type { Work } from "./import-context.ts";
import { openRows, type Rows } from "./row-reading.ts";
import { chunksOf, openSource } from "./row-source.ts";

/** Some rows of the file, of which each is dealt with once. */
export type FileChunk = {
  position: number;
  firstRow: number;
  /** The rows as the definitions read them. */
  rowsBy(definitions: Definitions): ParsedRow[];
  lineOf(at: number): number;
  resultOf(outcome: RowOutcome, at: number): Result;
};

/**
 * The chunks of the import's file from its position on. Each is read by the definitions that the one before it was
 * read by, while PostgreSQL is busy with that one; should they have changed, it is read again.
 */
export async function* chunksOfFile({ job, reading }: Work): AsyncGenerator<FileChunk> {
  const { options } = job;
  const file = { type: job.fileType!, encoding: job.fileEncoding as never };
  const source = await openSource(file, bytesOf(reading, job.fileId!), options);
  const columns = source.headings === null ? null : job.columns;
  let rows: { by: Definitions; open: Rows } | undefined;
  const opened = (definitions: Definitions): Rows => {
    if (rows?.by !== definitions) rows = { by: definitions, open: openRows(definitions, columns, options) };
    return rows.open;
  };

  try {
    const chunks = chunksOf(source, job.position)[Symbol.asyncIterator]();
    const next = async (): Promise<FileChunk | undefined> => {
      const { done, value } = await chunks.next();
      if (done) return undefined;
      const { position, firstRow } = value;
      const read = (definitions: Definitions) => {
        const { read } = opened(definitions);
        return { by: definitions, rows: value.rows.map((row, at) => read(row, firstRow + at)) };
      };
      let ahead = rows && read(rows.by);
      return {
        position,
        firstRow,
        rowsBy: (definitions) => {
          if (ahead?.by !== definitions) ahead = read(definitions);
          return ahead.rows;
        },
        lineOf: (at) => value.rows[at]!.line,
        resultOf: (outcome, at) => {
          const row = value.rows[at]!;
          const said = outcome.outcome === "failed" ? opened(ahead!.by).said(row) : undefined;
          return resultOf(outcome, row.line, said, (path) => opened(ahead!.by).placeOf(path));
        },
      };
    };
    let ahead = next();
    for (;;) {
      const chunk = await ahead;
      if (chunk === undefined) return;
      ahead = next();
      // Whoever goes away in the middle does not hear of it.
      ahead.catch(() => undefined);
      yield chunk;
    }
  } finally {
    await source.close();
  }
}
