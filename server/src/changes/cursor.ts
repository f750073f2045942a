import { type FieldError, problemOf } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Call } from "../call.ts";
import { type FeedPosition, fromBeginning, fromNow, keptSince } from "../journal/feed.ts";
import { signCursor, verifiedCursor } from "../keys/signed-cursor.ts";

type Signing = Pick<Call, "database" | "cursorKeys" | "now">;

const scopeOf = ({ database }: Signing): string => `changes of ${database.enterpriseId}`;

type Written = [day: number, seen: string | null, reading?: [until: string, after: number, last: number]];

const dayMs = 86_400_000;
const dayOf = ({ now }: Signing): number => Math.floor(now.getTime() / dayMs);

/** The position as a follower hands it back: no other enterprise's, and no list's. */
export function writeCursor(signing: Signing, { seen, reading }: FeedPosition): string {
  const { until, after, last } = reading ?? {};
  const position = [dayOf(signing), seen, ...(reading ? [[until, after, last]] : [])];
  return signCursor(signing.cursorKeys, scopeOf(signing), position);
}

type Read = { position: FeedPosition; givenOn: Date };

function readCursor(signing: Signing, cursor: string): Read | null {
  const written = verifiedCursor<Written>(signing.cursorKeys, scopeOf(signing), cursor);
  if (written === null) return null;
  const [day, seen, reading] = written;
  const [until, after, last] = reading ?? [];
  return {
    position: { seen, reading: reading ? { until: until!, after: after!, last: last! } : null },
    givenOn: new Date(day * dayMs),
  };
}

const monthOf = (time: Date): string => time.toISOString().slice(0, 7);

/** What is wrong with going on from there: nothing is, or what came next may be gone. */
async function errorWith(call: Call, read: Read | null): Promise<Reason | null> {
  if (read === null) return reason("CURSOR_UNKNOWN");
  // The journal goes by whole months, and never this one.
  if (monthOf(read.givenOn) === monthOf(call.now)) return null;
  const since = await keptSince(call.database);
  if (since === null || read.givenOn >= since) return null;
  return reason("CURSOR_TOO_OLD");
}

type Asked = { cursor?: string; from?: "beginning" | "now" };

/**
 * Where a follower begins or goes on. `lastEventId` comes before what is asked for: who makes a connection again sends
 * the same address.
 */
export async function positionOf(call: Call, asked: Asked, lastEventId?: string): Promise<FeedPosition> {
  const { cursor, from } = lastEventId === undefined ? asked : { cursor: lastEventId };
  if (cursor === undefined) return from === "now" ? fromNow(call.database) : fromBeginning;
  const read = readCursor(call, cursor);
  const why = await errorWith(call, read);
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
  // Only a caller that is known is told of errors.
  await call.database.batch([]);
  throw problemOf(fieldErrors);
}

const inQuery = (path: string) => ({ in: "query", path }) as const;
