import type { Definitions } from "../../custom-fields/definitions.ts";
import type { RowOutcome } from "../../customers/plan.ts";
import type { ParsedRow } from "../../customers/read-row.ts";
import { required } from "../../validation/required.ts";
import { bytesOf } from "../files/upload-storage.ts";
import { type Result, resultOf } from "../job/row-result.ts";
import type { ImportRun } from "./import-context.ts";
import { chunksOf, openSource } from "./row-source.ts";
import { openSourceReader, type SourceReader } from "./source-reader.ts";

/** The rows of one step. */
export type FileChunk = {
  position: number;
  firstRow: number;
  /** The rows, read by these definitions. */
  rowsBy(definitions: Definitions): ParsedRow[];
  lineOf(at: number): number;
  resultOf(outcome: RowOutcome, at: number): Result;
};

/**
 * The chunks of the import's file from its position. Each is read ahead, while PostgreSQL writes the one before, by that
 * one's definitions; it is read again when they have changed.
 */
export async function* chunksOfFile({ job, database }: ImportRun): AsyncGenerator<FileChunk> {
  const { options } = job;
  const file = { type: required(job.fileType, "the job's file type"), encoding: job.fileEncoding };
  const source = await openSource(file, bytesOf(database, required(job.fileId, "the job's file")), options);
  const columns = source.headings === null ? null : job.columns;
  let current: { definitions: Definitions; reader: SourceReader } | undefined;
  const readerBy = (definitions: Definitions): SourceReader => {
    if (current?.definitions !== definitions)
      current = { definitions, reader: openSourceReader(definitions, columns, options) };
    return current.reader;
  };

  try {
    const chunks = chunksOf(source, job.position)[Symbol.asyncIterator]();
    const next = async (): Promise<FileChunk | undefined> => {
      const { done, value } = await chunks.next();
      if (done) return undefined;
      const { position, firstRow } = value;
      const read = (definitions: Definitions) => {
        const { read } = readerBy(definitions);
        return { definitions, rows: value.rows.map((row, at) => read(row, firstRow + at)) };
      };
      let rows = current && read(current.definitions);
      return {
        position,
        firstRow,
        rowsBy: (definitions) => {
          if (rows?.definitions !== definitions) rows = read(definitions);
          return rows.rows;
        },
        lineOf: (at) => required(value.rows[at], "the row").line,
        resultOf: (outcome, at) => {
          const row = required(value.rows[at], "the row");
          const input =
            outcome.outcome === "failed"
              ? readerBy(required(rows, "rows").definitions).inputOf(row)
              : undefined;
          return resultOf(outcome, row.line, input, (path) =>
            readerBy(required(rows, "rows").definitions).placeOf(path),
          );
        },
      };
    };
    let ahead = next();
    for (;;) {
      const chunk = await ahead;
      if (chunk === undefined) return;
      ahead = next();
      // A caller that stops early leaves it unread; its error must not end the process.
      ahead.catch(() => undefined);
      yield chunk;
    }
  } finally {
    await source.close();
  }
}
