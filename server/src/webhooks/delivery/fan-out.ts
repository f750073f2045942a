import { withDefinitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { sql } from "../../database/sql.ts";
import { readFeed } from "../../journal/feed.ts";
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
  const page = await readFeed(reading, position, { limit: pageRows, filter: isSubscribed(endpoint) });
  // The end of the journal was reached already: there is nothing to write.
  if (page.changes.length === 0 && page.isCaughtUp) return page;
  const deliveries = await withDefinitions(reading, async (definitions) =>
    page.changes.map((change) => deliveryOf(definitions, id, newId(), change)),
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
