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
  let version = 0;
  return {
    /** Writes a customer's row, as the service does first. */
    update: (id: string) =>
      step(async (database) => {
        version = await raiseVersion(database, id);
      }),
    /** Appends the change of the row, as the service does last. */
    append: (id: string) => step((database) => appendChange(database, id, version)),
    async commit() {
      void step(commit);
      await ended;
    },
  };
}

const commit = async () => {};

async function raiseVersion(database: EnterpriseDatabase, id: string): Promise<number> {
  const { version } = await database.one(
    sql<{ version: number }>`update customer_versions set version = version + 1
        where enterprise_id = ${database.enterpriseId} and customer_id = ${id} returning version`,
  );
  return version;
}

async function appendChange(database: EnterpriseDatabase, id: string, version: number): Promise<void> {
  const call = { database, appId: null, companyId: null, requestId: "r", now: new Date() } as Call;
  const change = { subjectId: id, kind: "updated", version, before: {}, after: {} } as const;
  await database.batch([append(call, "customer", "request", [change])]);
}

const versionsIn = ({ changes }: Page) => changes.map(({ subjectId, version }) => `${subjectId} ${version}`);

/** Waits until a statement waits for another transaction. */
const somebodyWaits = () =>
  expect
    .poll(async () => {
      const { rows } = await registry.database.admin.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return rows.length;
    })
    .toBe(1);

describe("a transaction that commits late", () => {
  test("follows those that appended before it, also for a reader that has seen them", async () => {
    const [slow, quick] = [await newCustomer(), await newCustomer()];
    const { nextCursor } = await read({});
    const transaction = held();
    await transaction.update(slow);
    await client.patch(`${customers}/${quick}`, { booker_id: "b" });
    const first = await read({ cursor: nextCursor });
    expect(versionsIn(first)).toEqual([`${quick} 2`]);
    expect(first.isCaughtUp).toBe(true);
    const nothing = await read({ cursor: first.nextCursor });
    expect(nothing).toMatchObject({ changes: [], isCaughtUp: true });
    await transaction.append(slow);
    await transaction.commit();
    for (const cursor of [first.nextCursor, nothing.nextCursor])
      expect(versionsIn(await read({ cursor }))).toEqual([`${slow} 2`]);
    const again = await read({ cursor: nextCursor });
    expect(versionsIn(again)).toEqual([`${quick} 2`, `${slow} 2`]);
  });

  test("makes those that append after it wait, so none becomes visible before it", async () => {
    const [slow, quick] = [await newCustomer(), await newCustomer()];
    const { nextCursor } = await read({});
    const transaction = held();
    await transaction.update(slow);
    await transaction.append(slow);
    const patched = client.patch(`${customers}/${quick}`, { booker_id: "b" });
    await somebodyWaits();
    const meanwhile = await read({ cursor: nextCursor });
    expect(meanwhile).toMatchObject({ changes: [], isCaughtUp: true });
    await transaction.commit();
    expect((await patched).status).toBe(200);
    for (const cursor of [nextCursor, meanwhile.nextCursor])
      expect(versionsIn(await read({ cursor }))).toEqual([`${slow} 2`, `${quick} 2`]);
  });

  test("delays no other enterprise", async () => {
    const slow = await newCustomer();
    const transaction = held();
    await transaction.update(slow);
    await transaction.append(slow);
    const other = await registry.client();
    expect((await other.post(customers, {})).status).toBe(201);
    await transaction.commit();
  });

  test("gives all its changes the same time, later than that of those before it", async () => {
    const [slow, quick] = [await newCustomer(), await newCustomer()];
    const transaction = held();
    await transaction.update(slow);
    await client.patch(`${customers}/${quick}`, { booker_id: "b" });
    await transaction.append(slow);
    await transaction.append(slow);
    await transaction.commit();
    const { rows } = await registry.database.admin.query(
      "select count(*)::int as changes, count(distinct number)::int as numbers, bool_and(at > (select max(at) from changes where subject_id = $1)) as later, count(distinct at)::int as times from changes where subject_id = $2 and version = 2",
      [quick, slow],
    );
    expect(rows).toEqual([{ changes: 2, numbers: 2, later: true, times: 1 }]);
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
