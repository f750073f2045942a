import { type streamChanges as contract, feedPageDefault } from "@clientele/contract/changes";
import type { Call, Operation } from "../call.ts";
import type { FeedOptions, FeedPage, FeedPosition } from "../journal/feed.ts";
import { aliveEveryMs, eventStream } from "../server-sent-events.ts";
import { pause } from "../time/pause.ts";
import { required } from "../validation/required.ts";
import { answersOf, subjectsNamed } from "./answer.ts";
import { type FeedStart, positionOf, writeCursor } from "./cursor.ts";
import { pollMs } from "./operations.ts";
import { readAllowed } from "./read-allowed.ts";

/** Streams changes until the client disconnects or the service stops. */
export const streamChanges: Operation<typeof contract> = async (call, { query }) => {
  const start = await positionOf(call, query, call.lastEventId);
  const options = { limit: feedPageDefault, subjects: subjectsNamed(query.subject) };
  const first = await readAllowed(call.database, start, options);
  return eventStream(call.stopping, (signal) => eventsOf(call, start, first, options, signal));
};

async function* eventsOf(
  call: Call,
  start: FeedStart,
  first: FeedPage,
  options: FeedOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  const cursorOf = (position: FeedPosition): string => writeCursor(call, position);
  let hasCaughtUp = false;
  let quietMs = 0;
  for (
    let page = first;
    ;
    page = await readAllowed(call.database, { ...start, position: page.next }, options)
  ) {
    const events = await changeEvents(call, page, cursorOf);
    if (page.isCaughtUp && !hasCaughtUp) {
      hasCaughtUp = true;
      events.push(`event: caught-up\nid: ${cursorOf(page.next)}\ndata: {}\n\n`);
    }
    // EventSource remembers the id of a comment-only event too.
    if (quietMs >= aliveEveryMs) events.push(`: alive\nid: ${cursorOf(page.next)}\n\n`);
    if (events.length > 0) {
      quietMs = 0;
      yield Buffer.from(events.join(""));
    }
    if (page.isCaughtUp) {
      await pause(pollMs, signal);
      quietMs += pollMs;
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
      `event: change\nid: ${cursorOf(required(changes[index], "the change").next)}\ndata: ${JSON.stringify(answer)}\n\n`,
  );
}
