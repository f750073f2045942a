import { withDefinitions } from "../../custom-fields/definitions.ts";
import { withCreatedStates } from "../../customers/history/past-states.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { sql } from "../../database/sql.ts";
import {
  type FeedOptions,
  type FeedPage,
  type FeedPosition,
  fromBeginning,
  readFeed,
} from "../../journal/feed.ts";
import { isSubscribed } from "../event-types.ts";
import type { Endpoint } from "./endpoint-store.ts";
import { deliveryOf } from "./payload.ts";
import { insertAfter } from "./store.ts";

/** Changes read in one step. */
const pageRows = 2_000;

/**
 * Turns the next page of the journal into deliveries. They are written with the new position, and only if the position
 * is still the one read from: so concurrent readers and kills make one delivery per change.
 */
export async function fanOut(
  reading: EnterpriseDatabase,
  write: (work: (database: EnterpriseDatabase) => Promise<void>) => Promise<void>,
  endpoint: Endpoint,
  { now, newId }: { now: Date; newId: () => string },
): Promise<{ isCaughtUp: boolean }> {
  const { id, position } = endpoint;
  const options = { limit: pageRows, filter: isSubscribed(endpoint) };
  const page = await readFeedOrRest(reading, position, options);
  // The end of the journal was reached already: there is nothing to write.
  if (page.changes.length === 0 && page.isCaughtUp) return page;
  const changes = await withCreatedStates(reading, page.changes);
  const deliveries = await withDefinitions(reading, async (definitions) =>
    changes.map((change) => deliveryOf(definitions, id, newId(), change)),
  );
  await write(async (database) => {
    await database.batch([
      insertAfter(database, id, deliveries, now, {
        set: sql`, position = ${JSON.stringify(page.next)}::jsonb`,
        where: sql`and position = ${JSON.stringify(position)}::jsonb`,
      }),
    ]);
  });
  return page;
}

/** An endpoint that was stopped for longer than the journal is retained continues with the oldest stored change. */
async function readFeedOrRest(
  reading: EnterpriseDatabase,
  position: FeedPosition,
  options: FeedOptions,
): Promise<FeedPage> {
  for (let from: FeedPosition | null = position; ; from = fromBeginning) {
    const page = await readFeed(reading, from, options);
    if (typeof page === "object") return page;
  }
}
