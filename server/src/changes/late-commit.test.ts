import { beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../app.ts";
import type { Call } from "../call.ts";
import { type EnterpriseDatabase, writingAs } from "../database/as-enterprise.ts";
import { openDatabase } from "../database/open.ts";
import { sql } from "../database/sql.ts";
import { append } from "../journal/append.ts";
import { type Client, startApp } from "../testing/start-app.ts";

const registry = startApp();
const path = "/v1/customer-changes";
const customers = "/v1/enterprise-customers";

let client: Client;
beforeEach(async () => {
  client = await registry.client();
});

type Page = {
  changes: { id: string; subjectId: string; version: number }[];
  nextCursor: string;
  isCaughtUp: boolean;
};

async function read(query: Record<string, string>): Promise<Page> {
  const answer = await client.get(path, { query });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.data;
}

async function newCustomer(): Promise<string> {
  const answer = await client.post(customers, {});
  expect(answer.status, answer.text).toBe(201);
  return answer.body.data.id;
}

/** A write transaction that goes on step by step, as it is told. */
function held() {
  const steps: { work: (database: EnterpriseDatabase) => Promise<void>; done: () => void }[] = [];
  let wake = () => {};
  const ended = writingAs(
    registry.database.service,
    { enterpriseId: client.enterpriseId, kind: "operator" },
    {},
    async (database) => {
      for (;;) {
        while (steps.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const { work, done } = steps.shift()!;
        if (work === commit) return;
        await work(database);
        done();
      }
    },
  );
  const step = (work: (database: EnterpriseDatabase) => Promise<void>) =>
    new Promise<void>((resolve) => {
      steps.push({ work, done: resolve });
      wake();
    });
  return {
    /** Writes a customer as the service does: its row, then the journal. */
    write: (id: string) => step((database) => write(database, id)),
    async commit() {
      void step(commit);
      await ended;
    },
  };
}

const commit = async () => {};

async function write(database: EnterpriseDatabase, id: string): Promise<void> {
  const { version } = await database.one(
    sql<{ version: number }>`update customers set version = version + 1
        where enterprise_id = ${database.enterpriseId} and id = ${id} returning version`,
  );
  const call = { database, appId: null, companyId: null, requestId: "r", now: new Date() } as Call;
  const change = { subjectId: id, kind: "updated", version, before: {}, after: {} } as const;
  await database.batch([append(call, "customer", "request", [change])]);
}

const versionsIn = ({ changes }: Page) => changes.map(({ subjectId, version }) => `${subjectId} ${version}`);

describe("a transaction that commits late", () => {
  test("is not skipped by a reader that has seen later transactions", async () => {
    const [slow, quick] = [await newCustomer(), await newCustomer()];
    const { nextCursor } = await read({});
    const transaction = held();
    await transaction.write(slow);
    await client.patch(`${customers}/${quick}`, { booker_id: "b" });
    const first = await read({ cursor: nextCursor });
    expect(versionsIn(first)).toEqual([`${quick} 2`]);
    expect(first.isCaughtUp).toBe(true);
    const nothing = await read({ cursor: first.nextCursor });
    expect(nothing).toMatchObject({ changes: [], isCaughtUp: true });
    await transaction.commit();
    for (const cursor of [first.nextCursor, nothing.nextCursor])
      expect(versionsIn(await read({ cursor }))).toEqual([`${slow} 2`]);
    const again = await read({ cursor: nextCursor });
    expect(versionsIn(again)).toEqual([`${slow} 2`, `${quick} 2`]);
  });

  test("and writes a customer after a later one did follows that one's change for every reader", async () => {
    const [first, shared] = [await newCustomer(), await newCustomer()];
    const { nextCursor } = await read({});
    const older = held();
    await older.write(first);
    const younger = held();
    await younger.write(shared);
    await younger.commit();
    const between = await read({ cursor: nextCursor });
    expect(versionsIn(between)).toEqual([`${shared} 2`]);
    await older.write(shared);
    const meanwhile = await read({ cursor: between.nextCursor });
    expect(versionsIn(meanwhile)).toEqual([]);
    await older.commit();
    expect(versionsIn(await read({ cursor: between.nextCursor }))).toEqual([`${first} 2`, `${shared} 3`]);
    expect(versionsIn(await read({ cursor: meanwhile.nextCursor }))).toEqual([`${first} 2`, `${shared} 3`]);
    expect(versionsIn(await read({ cursor: nextCursor }))).toEqual([
      `${first} 2`,
      `${shared} 2`,
      `${shared} 3`,
    ]);
  });

  test("while a difference is read, one by one, comes in the next one", async () => {
    const ids = [await newCustomer(), await newCustomer(), await newCustomer()];
    const { nextCursor } = await read({});
    const transaction = held();
    await transaction.write(ids[0]!);
    await client.patch(`${customers}/${ids[1]}`, { booker_id: "b" });
    await client.patch(`${customers}/${ids[2]}`, { booker_id: "b" });
    const one = await read({ cursor: nextCursor, limit: "1" });
    expect(versionsIn(one)).toEqual([`${ids[1]} 2`]);
    await transaction.commit();
    await client.patch(`${customers}/${ids[1]}`, { booker_id: "c" });
    const two = await read({ cursor: one.nextCursor, limit: "1" });
    expect(versionsIn(two)).toEqual([`${ids[2]} 2`]);
    expect(two.isCaughtUp).toBe(false);
    expect(versionsIn(await read({ cursor: two.nextCursor }))).toEqual([`${ids[0]} 2`, `${ids[1]} 3`]);
  });
});

test("a cursor from the middle of a difference goes on after a restart", async () => {
  const ids = [await newCustomer(), await newCustomer(), await newCustomer()];
  const one = await read({ limit: "1" });
  const late = await newCustomer();
  const database = await openDatabase({ place: { url: registry.database.url }, log: () => undefined });
  const app = await createApp({ database });
  try {
    const headers = { authorization: client.token };
    const pages: Page[] = [];
    for (let cursor = one.nextCursor; pages.at(-1)?.isCaughtUp !== true; cursor = pages.at(-1)!.nextCursor) {
      const answer = await app.inject({ url: path, headers, query: { cursor, limit: "1" } });
      pages.push(answer.json().data);
    }
    expect([one, ...pages].flatMap(versionsIn)).toEqual([...ids, late].map((id) => `${id} 1`));
  } finally {
    await app.close();
    await database.close();
  }
});
