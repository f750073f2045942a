import type { FieldError } from "@clientele/contract/errors";
/** A file as it comes in, in pieces of any size. */
export type Bytes = AsyncIterable<Uint8Array>;

/** One record of a file that has headings. There may be fewer cells than headings, or more. */
export type TableRow = {
  /** Where it begins: 1-based, the headings count. */
  line: number;
  cells: readonly string[];
};

export type Table = {
  headings: readonly string[];
  /** In batches of any size. */
  rows: AsyncIterable<readonly TableRow[]>;
};

/** One record of a file of JSON: what it says, or why it cannot be read. */
export type RecordRow =
  | { line: number; record: unknown }
  | { line: number; fieldErrors: readonly FieldError[] };
