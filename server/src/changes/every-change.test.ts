import type { FastifyInstance } from "fastify";
import { beforeAll, expect, inject, test } from "vitest";
import { createApp } from "../app.ts";
import { type Database, openDatabase } from "../database/open.ts";
import { type Client, startApp } from "../testing/start-app.ts";

const registry = startApp();
const path = "/v1/customer-changes";
const customers = "/v1/enterprise-customers";
// Nightly, 100,000.
const changesWanted = 1_000 * inject("random").scale ** 2;
const rateLimits = { requestsPerMinute: 10_000_000 };

let client: Client;
beforeAll(async () => {
  client = await registry.client();
  // Slow transactions: they pause before they append and before they commit.
  await registry.database.admin.query(`
    create function takes_its_time() returns trigger language plpgsql as $$
    begin
      if random() < 0.5 then perform pg_sleep(random() * 0.006); end if;
      return coalesce(new, old);
    end $$;
    create trigger slowly before insert or update or delete on customers for each row execute function takes_its_time();
    create constraint trigger slowly after insert on changes deferrable initially deferred
      for each row execute function takes_its_time();
  `);
});

type Service = { app: FastifyInstance; database: Database };

async function start(): Promise<Service> {
  const database = await openDatabase({ place: { url: registry.database.url }, log: () => undefined });
  return { database, app: await createApp({ database, rateLimits }) };
}

/** The service, which is started anew while it is being used. What it does not answer then is asked for again. */
function restarting(first: Service) {
  let now = first;
  return {
    async restart() {
      const before = now;
      now = await start();
      await before.app.close();
      await before.database.close();
    },
    async stop() {
      await now.app.close();
      await now.database.close();
    },
    async ask(method: string, url: string, more: { body?: object; query?: Record<string, string> } = {}) {
      for (;;) {
        const answer = await now.app.inject({
          method: method as "GET",
          url,
          headers: { authorization: client.token },
          ...(more.query && { query: more.query }),
          ...(more.body && { payload: more.body }),
        });
        if (answer.statusCode < 500) return { status: answer.statusCode, body: answer.json() };
        expect(answer.statusCode, answer.body).toBe(503);
      }
    },
  };
}

type Change = { id: string };

/** How the changes that a reader has seen differ from the journal. */
const differenceOf = (seen: readonly Change[], journal: ReadonlySet<string>) => {
  const ids = new Set(seen.map(({ id }) => id));
  return {
    missed: [...journal].filter((id) => !ids.has(id)).length,
    unknown: [...ids].filter((id) => !journal.has(id)).length,
    twice: seen.length - ids.size,
    outOfOrder: seen.filter(({ id }, at) => at > 0 && BigInt(id) < BigInt(seen[at - 1]!.id)).length,
  };
};

test(`of ${changesWanted} changes by eight writers, four readers see each once and in order`, async () => {
  const service = restarting(await start());
  const shared: string[] = [];
  const isWritten = { done: false };
  let written = 0;

  /** Creates, updates and deletes, of customers that all writers share. */
  async function write(): Promise<void> {
    while (written < changesWanted) {
      const dice = Math.random();
      const at = Math.floor(Math.random() * shared.length);
      const id = shared[at];
      if (id === undefined || (dice < 0.2 && shared.length < 200)) {
        const { body } = await service.ask("POST", customers, { body: { booker_id: "b" } });
        shared.push(body.data.id);
      } else if (dice < 0.25) {
        shared.splice(at, 1);
        await service.ask("DELETE", `${customers}/${id}`);
      } else {
        const { status } = await service.ask("PATCH", `${customers}/${id}`, {
          body: { booker_id: `b${Math.random()}` },
        });
        if (status === 404) continue;
      }
      written++;
    }
  }

  async function read(limit: number): Promise<Change[]> {
    const seen: Change[] = [];
    let query: Record<string, string> = { from: "beginning" };
    for (;;) {
      const wasWritten = isWritten.done;
      const { status, body } = await service.ask("GET", path, {
        query: { ...query, limit: String(limit), wait: "1" },
      });
      expect(status, JSON.stringify(body)).toBe(200);
      seen.push(...body.data.changes);
      query = { cursor: body.data.nextCursor };
      if (wasWritten && body.data.isCaughtUp) return seen;
    }
  }

  async function restartTwice(): Promise<void> {
    for (const share of [1 / 3, 2 / 3]) {
      await expect.poll(() => written, { timeout: 3_600_000 }).toBeGreaterThan(changesWanted * share);
      await service.restart();
    }
  }

  const readers = [10, 100, 1_000, 10_000].map(read);
  const writers = Array.from({ length: 8 }, write);
  await restartTwice();
  await Promise.all(writers);
  isWritten.done = true;
  const all = await Promise.all(readers);
  await service.stop();

  const { rows } = await registry.database.admin.query<{ id: string; number: string; transaction: string }>(
    `select (number << 24 | epoch)::text as id, number, xmin::text as transaction
     from changes where enterprise_id = $1 order by number`,
    [client.enterpriseId],
  );
  expect(rows.map(({ number }) => Number(number))).toEqual(rows.map((_, at) => at + 1));
  // The test means nothing unless transactions committed in another order than they began.
  const crossed = rows.filter(
    ({ transaction }, at) => at > 0 && Number(transaction) < Number(rows[at - 1]!.transaction),
  );
  expect(crossed.length).toBeGreaterThan(changesWanted / 100);
  // The first change is that of the app, which needs ADMIN.
  const journal = new Set(rows.slice(1).map(({ id }) => id));
  expect(journal.size).toBeGreaterThanOrEqual(changesWanted);
  for (const seen of all)
    expect(differenceOf(seen, journal)).toEqual({ missed: 0, unknown: 0, twice: 0, outOfOrder: 0 });
}, 3_600_000);
