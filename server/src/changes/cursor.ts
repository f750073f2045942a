import { type Fault, problemOf } from "@clientele/contract/errors";
import type { Call } from "../call.ts";
import { type FeedPosition, fromBeginning, fromNow } from "../journal/feed.ts";
import { signCursor, verifiedCursor } from "../signed-cursor.ts";

type Signing = Pick<Call, "database" | "cursorKeys">;

const scopeOf = ({ database }: Signing): string => `changes of ${database.enterpriseId}`;

type Written = [seen: string | null, reading?: [until: string, after: number, last: number]];

/** The position as a follower hands it back: no other enterprise's, and no list's. */
export function writeCursor(signing: Signing, { seen, reading }: FeedPosition): string {
  const position: Written = reading ? [seen, [reading.until, reading.after, reading.last]] : [seen];
  return signCursor(signing.cursorKeys, scopeOf(signing), position);
}

function readCursor(signing: Signing, cursor: string): FeedPosition | null {
  const position = verifiedCursor<Written>(signing.cursorKeys, scopeOf(signing), cursor);
  if (position === null) return null;
  const [seen, reading] = position;
  if (!reading) return { seen, reading: null };
  const [until, after, last] = reading;
  return { seen, reading: { until, after, last } };
}

type Asked = { cursor?: string; from?: "beginning" | "now" };

/**
 * Where a follower begins or goes on. `lastEventId` comes before what is asked for: who makes a connection again sends
 * the same address.
 */
export async function positionOf(call: Call, asked: Asked, lastEventId?: string): Promise<FeedPosition> {
  const { cursor, from } = lastEventId === undefined ? asked : { cursor: lastEventId };
  if (cursor === undefined) return from === "now" ? fromNow(call.database) : fromBeginning;
  const position = readCursor(call, cursor);
  const faults: Fault[] = [];
  if (position === null)
    faults.push({
      ...(lastEventId === undefined ? inQuery("cursor") : { in: "headers", path: "last-event-id" }),
      code: "CURSOR_INVALID",
      message: "is no cursor of this enterprise's changes",
    });
  if (from !== undefined)
    faults.push({
      ...inQuery("from"),
      code: "REQUEST_INVALID",
      message: "says where to begin, and the cursor where to go on: give one of them",
    });
  if (position !== null && faults.length === 0) return position;
  // Only a caller that is known is told of faults.
  await call.database.batch([]);
  throw problemOf(faults);
}

const inQuery = (path: string) => ({ in: "query", path }) as const;
