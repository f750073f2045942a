import { type FieldError, problemOf } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Call } from "../call.ts";
import { type FeedPosition, fromBeginning, fromNow, oldestChangeAt } from "../journal/feed.ts";
import { signCursor, verifyCursor } from "../keys/signed-cursor.ts";
import { required } from "../validation/required.ts";

type Signing = Pick<Call, "database" | "cursorKeys" | "now">;

const scopeOf = ({ database }: Signing): string => `changes of ${database.enterpriseId}`;

type CursorContent = [
  day: number,
  seen: string | null,
  reading?: [until: string, after: number, last: number],
];

const dayMs = 86_400_000;
const dayOf = ({ now }: Signing): number => Math.floor(now.getTime() / dayMs);

/** Signs a position. The scope prevents use in another enterprise or as a list cursor. */
export function writeCursor(signing: Signing, { seen, reading }: FeedPosition): string {
  const { until, after, last } = reading ?? {};
  const position = [dayOf(signing), seen, ...(reading ? [[until, after, last]] : [])];
  return signCursor(signing.cursorKeys, scopeOf(signing), position);
}

type ReadCursor = { position: FeedPosition; issuedOn: Date };

function readCursor(signing: Signing, cursor: string): ReadCursor | null {
  const content = verifyCursor<CursorContent>(signing.cursorKeys, scopeOf(signing), cursor);
  if (content === null) return null;
  const [day, seen, reading] = content;
  const [until, after, last] = reading ?? [];
  return {
    position: {
      seen,
      reading: reading
        ? { until: required(until, "until"), after: required(after, "after"), last: required(last, "last") }
        : null,
    },
    issuedOn: new Date(day * dayMs),
  };
}

const monthOf = (time: Date): string => time.toISOString().slice(0, 7);

/** The error of a cursor that is invalid or older than the retained journal; null when there is none. */
async function cursorError(call: Call, read: ReadCursor | null): Promise<Reason | null> {
  if (read === null) return reason("CURSOR_UNKNOWN");
  // The journal drops whole months, never the current one.
  if (monthOf(read.issuedOn) === monthOf(call.now)) return null;
  const since = await oldestChangeAt(call.database);
  if (since === null || read.issuedOn >= since) return null;
  return reason("CURSOR_TOO_OLD");
}

type PositionQuery = { cursor?: string; from?: "beginning" | "now" };

/**
 * The position to read from. `lastEventId` takes precedence over the query, because EventSource reconnects with the same
 * URL.
 */
export async function positionOf(
  call: Call,
  query: PositionQuery,
  lastEventId?: string,
): Promise<FeedPosition> {
  const { cursor, from } = lastEventId === undefined ? query : { cursor: lastEventId };
  if (cursor === undefined) return from === "now" ? fromNow(call.database) : fromBeginning;
  const read = readCursor(call, cursor);
  const why = await cursorError(call, read);
  const fieldErrors: FieldError[] = [];
  if (why !== null)
    fieldErrors.push({
      ...(lastEventId === undefined ? inQuery("cursor") : { in: "headers", path: "last-event-id" }),
      code: "CURSOR_INVALID",
      ...why,
    });
  if (from !== undefined)
    fieldErrors.push({
      ...inQuery("from"),
      code: "REQUEST_INVALID",
      ...reason("FROM_BESIDE_CURSOR"),
    });
  if (read !== null && fieldErrors.length === 0) return read.position;
  // Authorizes the caller before it sees validation errors.
  await call.database.batch([]);
  throw problemOf(fieldErrors);
}

const inQuery = (path: string) => ({ in: "query", path }) as const;
