import * as contract from "@clientele/contract/changes";
import type { Call, Operation } from "../call.ts";
import type { FeedOptions, FeedPage } from "../journal/feed.ts";
import { pause } from "../time/pause.ts";
import { answersOf, subjectsNamed } from "./answer.ts";
import { type FeedStart, positionOf, writeCursor } from "./cursor.ts";
import { readAllowed } from "./read-allowed.ts";

export const pollMs = 500;

export const list: Operation<typeof contract.listChanges> = async (call, { query }) => {
  const { wait = 0 } = query;
  const start = await positionOf(call, query);
  const options = { limit: limitOf(query.limit), subjects: subjectsNamed(query.subject) };
  const { changes, next, isCaughtUp } = await waitForChanges(call, start, options, wait * 1_000);
  return {
    data: {
      changes: await answersOf(call.database, changes),
      nextCursor: writeCursor(call, next),
      isCaughtUp,
    },
  };
};

const limitOf = (limit = 0): number =>
  limit <= 0 ? contract.feedPageDefault : Math.min(limit, contract.feedPageMax);

/** Waits for a page with changes. Returns an empty one on timeout, disconnect or shutdown. */
async function waitForChanges(
  call: Call,
  start: FeedStart,
  options: FeedOptions,
  waitMs: number,
): Promise<FeedPage> {
  let page = await readAllowed(call.database, start, options);
  if (waitMs === 0 || page.changes.length > 0) return page;
  const signal = AbortSignal.any([call.stopping, call.clientGone()]);
  for (let waitedMs = 0; page.changes.length === 0 && waitedMs < waitMs; ) {
    if (page.isCaughtUp) {
      await pause(pollMs, signal);
      waitedMs += pollMs;
    }
    if (signal.aborted) return page;
    page = await readAllowed(call.database, { ...start, position: page.next }, options);
  }
  return page;
}
