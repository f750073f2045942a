import { type streamChanges as contract, feedPageDefault } from "@clientele/contract/changes";
import type { Call, Operation } from "../call.ts";
import type { FeedOptions, FeedPage, FeedPosition } from "../journal/feed.ts";
import { aliveEveryMs, eventStream } from "../server-sent-events.ts";
import { pause } from "../time/pause.ts";
import { answersOf, subjectsNamed } from "./answer.ts";
import { positionOf, writeCursor } from "./cursor.ts";
import { lookEveryMs } from "./operations.ts";
import { readAllowed } from "./read-allowed.ts";

/** Changes as they happen, until whoever follows leaves, or the service stops. */
export const streamChanges: Operation<typeof contract> = async (call, { query }) => {
  const position = await positionOf(call, query, call.lastEventId);
  const options = { limit: feedPageDefault, subjects: subjectsNamed(query.subject) };
  const first = await readAllowed(call.database, position, options);
  return eventStream(call.stopping, (signal) => eventsOf(call, first, options, signal));
};

async function* eventsOf(
  call: Call,
  first: FeedPage,
  options: FeedOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  const begunMs = performance.now();
  // A stream may be months old: its cursors are of when they are given.
  const cursorOf = (position: FeedPosition): string =>
    writeCursor({ ...call, now: new Date(call.now.getTime() + performance.now() - begunMs) }, position);
  let hasCaughtUp = false;
  let quietMs = 0;
  for (let page = first; ; page = await readAllowed(call.database, page.next, options)) {
    const told = await changeEvents(call, page, cursorOf);
    if (page.isCaughtUp && !hasCaughtUp) {
      hasCaughtUp = true;
      told.push(`event: caught-up\nid: ${cursorOf(page.next)}\ndata: {}\n\n`);
    }
    // The id of an event without data is remembered by its reader like any other.
    if (quietMs >= aliveEveryMs) told.push(`: alive\nid: ${cursorOf(page.next)}\n\n`);
    if (told.length > 0) {
      quietMs = 0;
      yield Buffer.from(told.join(""));
    }
    if (page.isCaughtUp) {
      await pause(lookEveryMs, signal);
      quietMs += lookEveryMs;
    }
    if (signal.aborted) return;
  }
}

async function changeEvents(
  call: Call,
  { changes }: FeedPage,
  cursorOf: (position: FeedPosition) => string,
): Promise<string[]> {
  if (changes.length === 0) return [];
  const answers = await answersOf(call.database, changes);
  return answers.map(
    (answer, index) =>
      `event: change\nid: ${cursorOf(changes[index]!.next)}\ndata: ${JSON.stringify(answer)}\n\n`,
  );
}
