import { type ErrorLocation, type FieldError, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { Call } from "../call.ts";
import { type FeedGap, type FeedPosition, fromBeginning, fromNow } from "../journal/feed.ts";
import { signCursor, verifyCursor } from "../keys/signed-cursor.ts";

type Signing = Pick<Call, "database" | "cursorKeys">;

const scopeOf = ({ database }: Signing): string => `changes of ${database.enterpriseId}`;

type CursorContent = [number: number, epoch: number, atMs: number];

/** Signs a position. The scope prevents use in another enterprise or as a list cursor. */
export const writeCursor = (signing: Signing, { number, epoch, atMs }: FeedPosition): string =>
  signCursor(signing.cursorKeys, scopeOf(signing), [number, epoch, atMs] satisfies CursorContent);

function readCursor(signing: Signing, cursor: string): FeedPosition | null {
  const content = verifyCursor<CursorContent>(signing.cursorKeys, scopeOf(signing), cursor);
  if (content === null) return null;
  const [number, epoch, atMs] = content;
  return { number, epoch, atMs };
}

/** The parameter that holds the cursor. */
type Place = { in: ErrorLocation; path: string };

const inQuery = (path: string) => ({ in: "query", path }) as const;

/** A position to read from, and the parameter that gave it. */
export type FeedStart = { position: FeedPosition | null; place: Place };

type PositionQuery = { cursor?: string; from?: "beginning" | "now" };

/**
 * The position to read from. `lastEventId` takes precedence over the query, because EventSource reconnects with the same
 * URL.
 */
export async function positionOf(call: Call, query: PositionQuery, lastEventId?: string): Promise<FeedStart> {
  const { cursor, from } = lastEventId === undefined ? query : { cursor: lastEventId };
  const place =
    lastEventId === undefined ? inQuery("cursor") : ({ in: "headers", path: "last-event-id" } as const);
  if (cursor === undefined)
    return { position: from === "now" ? await fromNow(call.database) : fromBeginning, place };
  const position = readCursor(call, cursor);
  const fieldErrors: FieldError[] = [];
  if (position === null) fieldErrors.push({ ...place, code: "CURSOR_INVALID", ...reason("CURSOR_UNKNOWN") });
  if (from !== undefined)
    fieldErrors.push({ ...inQuery("from"), code: "REQUEST_INVALID", ...reason("FROM_BESIDE_CURSOR") });
  if (fieldErrors.length === 0) return { position, place };
  // Authorizes the caller before it sees validation errors.
  await call.database.batch([]);
  throw problemOf(fieldErrors);
}

const gapReasons = { dropped: "CURSOR_TOO_OLD", lost: "CURSOR_OF_LOST_CHANGES" } as const satisfies Record<
  FeedGap,
  string
>;

/** The error of a cursor after which changes are missing. */
export const gapProblem = (gap: FeedGap, place: Place): Error =>
  problemOf([{ ...place, code: "CURSOR_EXPIRED", ...reason(gapReasons[gap]) }]);
