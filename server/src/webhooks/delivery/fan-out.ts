import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { sql } from "../../database/sql.ts";
import { readFeed } from "../../journal/feed.ts";
import { wantedBy } from "../event-types.ts";
import type { Endpoint } from "./endpoint-store.ts";
import { deliveryOf } from "./payload.ts";
import { insertAfter } from "./store.ts";

/** Changes that are looked at in one step. */
const pageRows = 2_000;

/**
 * Reads on in the journal, and makes deliveries of what the endpoint is to be told. They are written with the new
 * position, if it is still where this reader has begun: so each change is one delivery, whoever else reads, and
 * whoever is killed when.
 */
export async function fanOut(
  reading: EnterpriseDatabase,
  write: (work: (database: EnterpriseDatabase) => Promise<void>) => Promise<void>,
  endpoint: Endpoint,
  { now, newId }: { now: Date; newId: () => string },
): Promise<{ isCaughtUp: boolean }> {
  const { id, position } = endpoint;
  const page = await readFeed(reading, position, { limit: pageRows, wanted: wantedBy(endpoint) });
  // A position that nothing lies behind is as good as the next one.
  if (page.changes.length === 0 && page.isCaughtUp) return page;
  const deliveries = page.changes.map((change) => deliveryOf(id, newId(), change));
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
