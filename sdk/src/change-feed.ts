import type { FeedChange, FeedSubject, listChanges } from "@clientele/contract/changes";
import type { Static } from "@clientele/contract/formats";

export type Change = Static<typeof FeedChange>;

export type ChangesInput = {
  /** Cursor of an earlier page. Without a cursor, `from` sets the start (default: `beginning`). */
  cursor?: string;
  from?: "beginning" | "now";
  subject?: readonly FeedSubject[];
  /** Changes per page. Default: 1,000. */
  limit?: number;
  /** End after the last change instead of waiting for new ones. */
  once?: boolean;
  /**
   * Called after all changes of a page were consumed. Store the cursor in the same transaction as the changes to
   * continue after the last stored page.
   */
  onPage?: (cursor: string) => void | Promise<void>;
};

export type ChangePage = Static<(typeof listChanges)["answer"]>;
type FetchPage = (query: Record<string, unknown>) => Promise<ChangePage>;

const waitSeconds = 25;

/** Yields all changes after a cursor, then waits for new ones with requests that last up to 25 s. */
export async function* followChanges(
  fetchPage: FetchPage,
  { cursor, from, once = false, onPage, ...query }: ChangesInput,
): AsyncGenerator<Change, void, undefined> {
  // The first request does not wait: otherwise `now` would move when a waiting request is retried.
  let position: Record<string, unknown> = cursor === undefined ? { from } : { cursor };
  for (;;) {
    const { changes, nextCursor, isCaughtUp } = await fetchPage({ ...query, ...position });
    yield* changes;
    await onPage?.(nextCursor);
    if (once && isCaughtUp) return;
    position = { cursor: nextCursor, ...(once ? {} : { wait: waitSeconds }) };
  }
}
