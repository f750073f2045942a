import type { ListRequest } from "./query.ts";

/** A page of a list, as its statements need it. */
export type PageOfList = ListRequest & {
  /** The position after which the page starts. Null: the start of the list. */
  after: readonly string[] | null;
  offset: number;
  /** One more than the page's rows, to detect whether another page follows. */
  rowsMax: number;
  counted: boolean;
  /** Page and total must be one statement. */
  streamed: boolean;
};
