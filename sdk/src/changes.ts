import type { FeedChange, FeedSubject, listChanges } from "@clientele/contract/changes";
import type { Static } from "@clientele/contract/formats";

export type Change = Static<typeof FeedChange>;

export type ChangesInput = {
  /** The cursor of an earlier page. Without it `from` says where to begin, by default at the beginning. */
  cursor?: string;
  from?: "beginning" | "now";
  subject?: readonly FeedSubject[];
  /** Changes a page. Default: 1,000. */
  limit?: number;
  /** Ends when there is nothing more, instead of waiting for what comes. */
  once?: boolean;
  /**
   * Told when every change of a page has been taken: who keeps the cursor where its copy is kept, together with it,
   * goes on behind the last page that it has.
   */
  onPage?: (cursor: string) => void | Promise<void>;
};

export type ChangePage = Static<(typeof listChanges)["answer"]>;
type FetchPage = (query: Record<string, unknown>) => Promise<ChangePage>;

const waitSeconds = 25;

/** Every change behind a position, and those that come, each as soon as it is there. */
export async function* changesBehind(
  fetchPage: FetchPage,
  { cursor, from, once = false, onPage, ...query }: ChangesInput,
): AsyncGenerator<Change, void, undefined> {
  // The first page is not waited for: `now` is when it was asked for, not when the waiting was tried again.
  let position: Record<string, unknown> = cursor === undefined ? { from } : { cursor };
  for (;;) {
    const { changes, nextCursor, isCaughtUp } = await fetchPage({ ...query, ...position });
    yield* changes;
    await onPage?.(nextCursor);
    if (once && isCaughtUp) return;
    position = { cursor: nextCursor, ...(once ? {} : { wait: waitSeconds }) };
  }
}
