import { signCursor, verifyCursor } from "../../keys/signed-cursor.ts";

/** The end of a page. The next page starts after it. */
export type Position = {
  /** The number of the page that ended. */
  page: number;
  /** The sort keys of the last customer in PostgreSQL's text form, followed by the id. */
  keys: readonly string[];
};

/** The position as a signed cursor. `scope` identifies its list: enterprise, order and filters. */
export const writeCursor = (
  keys: readonly Uint8Array[],
  scope: string,
  { page, keys: sorted }: Position,
): string => signCursor(keys, scope, [page, ...sorted]);

/** The position, or null when the cursor does not belong to this list. */
export function readCursor(keys: readonly Uint8Array[], scope: string, cursor: string): Position | null {
  const position = verifyCursor<[number, ...string[]]>(keys, scope, cursor);
  if (position === null) return null;
  const [page, ...sorted] = position;
  return { page, keys: sorted };
}
