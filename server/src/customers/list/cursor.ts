import { signCursor, verifyCursor } from "../../keys/signed-cursor.ts";

/** Where a page ended: the next one begins behind it. */
export type Position = {
  /** The number of the page that ended. */
  page: number;
  /** What its last customer is sorted by, as PostgreSQL writes it; the id comes last. */
  keys: readonly string[];
};

/** The position as a caller hands it back. `scope` is what list it is a position in: whose, in what order, filtered how. */
export const writeCursor = (
  keys: readonly Uint8Array[],
  scope: string,
  { page, keys: sorted }: Position,
): string => signCursor(keys, scope, [page, ...sorted]);

/** The position, or null when the cursor is not one of this list. */
export function readCursor(keys: readonly Uint8Array[], scope: string, cursor: string): Position | null {
  const position = verifyCursor<[number, ...string[]]>(keys, scope, cursor);
  if (position === null) return null;
  const [page, ...sorted] = position;
  return { page, keys: sorted };
}
