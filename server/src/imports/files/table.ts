import type { FieldError } from "@clientele/contract/errors";
/** A file in chunks of any size. */
export type Bytes = AsyncIterable<Uint8Array>;

/** A row of a file with headings. It can have fewer or more cells than there are headings. */
export type TableRow = {
  /** The first line of the row, 1-based with the headings. */
  line: number;
  cells: readonly string[];
};

export type Table = {
  headings: readonly string[];
  rows: AsyncIterable<readonly TableRow[]>;
};

/** A row of a JSON file, or the reason why it cannot be read. */
export type RecordRow =
  | { line: number; record: unknown }
  | { line: number; fieldErrors: readonly FieldError[] };
