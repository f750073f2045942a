import { beforeEach, expect, test } from "vitest";
import type { Call } from "../../call.ts";
import { writingAs } from "../../database/as-enterprise.ts";
import { sql } from "../../database/sql.ts";
import { append } from "../../journal/append.ts";
import { settlePositions } from "../../journal/settled-position.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { raiseVersions } from "../version-store.ts";

const registry = startApp();
const path = "/v1/enterprise-customers";

/** Later than every change of these tests. */
const updated_since = new Date(Date.now() + 3_600_000).toISOString();

let client: Client;
beforeEach(async () => {
  client = await registry.client();
});

const settle = () => settlePositions(registry.database.housekeeping);

async function create(): Promise<string> {
  const { status, text, body } = await client.post(path, {});
  expect(status, text).toBe(201);
  return body.data.id;
}

async function listed(query: Record<string, string> = {}): Promise<string[]> {
  const { status, text, body } = await client.get(path, {
    query: { updated_since, sort: "updatedAt", ...query },
  });
  expect(status, text).toBe(200);
  return body.data.map(({ id }: { id: string }) => id);
}

/** Changes customers in a transaction that is open until `commit`. */
async function changeOf(ids: readonly string[]): Promise<{ commit(): Promise<void> }> {
  let end = () => {};
  let appended = () => {};
  const isAppended = new Promise<void>((resolve) => (appended = resolve));
  const isEnding = new Promise<void>((resolve) => (end = resolve));
  const caller = { enterpriseId: client.enterpriseId, kind: "operator" } as const;
  const ended = writingAs(registry.database.service, caller, {}, async (database) => {
    const call = {
      database,
      appId: null,
      personId: null,
      companyId: null,
      requestId: "r",
    } as unknown as Call;
    const changes = ids.map((subjectId) => ({
      subjectId,
      kind: "updated" as const,
      version: 2,
      before: {},
      after: {},
    }));
    await database.batch([append(call, "customer", "request", changes)]);
    await database.batch([raiseVersions(call, sql`select unnest(${ids}::uuid[])`)]);
    appended();
    await isEnding;
  });
  await isAppended;
  return {
    async commit() {
      end();
      await ended;
    },
  };
}

test("a change that commits later is returned, although its time is earlier", async () => {
  const ids = [await create(), await create()].sort();
  await settle();
  expect(await listed()).toEqual([]);
  const change = await changeOf(ids);
  expect(await listed()).toEqual([]);
  // An enterprise that is being written to is skipped.
  await settle();
  expect(await listed()).toEqual([]);
  await change.commit();
  expect((await listed()).sort()).toEqual(ids);
  expect((await listed({ count: "none" })).sort()).toEqual(ids);
});

test("a change that was visible at the time is not returned again", async () => {
  const [first, second] = [await create(), await create()];
  expect(await listed()).toEqual([second]);
  expect(await settle()).toBeGreaterThan(0);
  expect(await listed()).toEqual([]);
  expect(await settle()).toBe(0);
  await client.patch(`${path}/${first}`, { booker_id: "b" });
  expect(await listed()).toEqual([first]);
});

test("the position of an enterprise settles no other", async () => {
  const id = await create();
  const other = await registry.client();
  await settle();
  await other.post(path, {});
  expect(await listed()).toEqual([]);
  const { body } = await other.get(path, { query: { updated_since } });
  expect(body.data).toHaveLength(1);
  expect(body.data[0].id).not.toBe(id);
});
