import { beforeEach, describe, expect, test } from "vitest";
import { type Client, startApp } from "../testing/start-app.ts";
import { deliveriesOf, startReceiver } from "../testing/webhooks.ts";

const registry = startApp({ webhookAllow: "127.0.0.1" });
const receiver = startReceiver();
const deliveries = deliveriesOf(registry, () => new Date());
const path = "/v1/customer-changes";

let client: Client;
beforeEach(async () => {
  client = await registry.client();
});

const tag = async (name: string) =>
  expect((await client.post("/v1/customer-tags", { name })).status).toBe(201);

type Change = { id: string; after: { name: string } };
const read = (cursor?: string) =>
  client.get(path, { query: { subject: "tag", ...(cursor !== undefined && { cursor }) } });

/** The names of the tags after a cursor, and the next cursor. */
async function follow(cursor?: string): Promise<[names: string, cursor: string, ids: string[]]> {
  const { status, text, body } = await read(cursor);
  expect(status, text).toBe(200);
  const changes: Change[] = body.data.changes;
  return [changes.map(({ after }) => after.name).join(""), body.data.nextCursor, changes.map(({ id }) => id)];
}

const refused = {
  status: 410,
  body: {
    errorCode: "CURSOR_EXPIRED",
    details: { query: { cursor: expect.stringContaining("get a new cursor with from=now") } },
    extras: { errors: [{ key: "CURSOR_OF_LOST_CHANGES" }] },
  },
};

/** The server starts anew: the next write begins an epoch. */
const restart = () =>
  registry.database.admin.query(
    "update epochs set server_started_at = server_started_at - (1 + random() * 1000) * interval '1 minute'",
  );

/** The database as it was `count` changes ago, on a server that has started since. */
async function lose(count: number): Promise<void> {
  const { admin } = registry.database;
  const { enterpriseId } = client;
  await admin.query(
    "delete from changes where enterprise_id = $1 and number > (select number from positions where enterprise_id = $1) - $2",
    [enterpriseId, count],
  );
  await admin.query("delete from tags where enterprise_id = $1", [enterpriseId]);
  await admin.query(
    `update positions p set number = c.number, at = c.at, epoch = c.epoch
     from (select * from changes where enterprise_id = $1 order by number desc limit 1) c where p.enterprise_id = $1`,
    [enterpriseId],
  );
  await restart();
}

describe("after the server has started anew", () => {
  test("cursors, webhooks and new readers continue", async () => {
    for (const name of ["a", "b"]) await tag(name);
    await client.post("/v1/webhooks", { url: receiver.url, kinds: ["tag.*"] });
    const [, early] = await follow();
    await tag("c");
    const [, late] = await follow();
    await restart();
    expect((await follow(late))[0]).toBe("");
    await tag("d");
    expect((await follow(late))[0]).toBe("d");
    expect((await follow(early))[0]).toBe("cd");
    expect((await follow())[0]).toBe("abcd");
    await restart();
    await tag("e");
    expect((await follow(late))[0]).toBe("de");
    await deliveries.wake();
    await deliveries.run();
    expect(receiver.types()).toEqual(Array(3).fill("tag.created"));
  });

  test("the next write begins one epoch, also for concurrent writers", async () => {
    await restart();
    const names = Array.from({ length: 8 }, (_, at) => `t${at}`);
    await Promise.all(names.map(tag));
    const { rows } = await registry.database.admin.query(
      "select count(distinct epoch)::int as epochs from changes where enterprise_id = $1 and subject = 'tag'",
      [client.enterpriseId],
    );
    expect(rows).toEqual([{ epochs: 1 }]);
    const { rows: running } = await registry.database.admin.query(
      "select from epochs where server_started_at = pg_postmaster_start_time()",
    );
    expect(running).toHaveLength(1);
  });
});

describe("after the last changes were lost", () => {
  test("a cursor behind them is refused before and after their numbers are given again", async () => {
    for (const name of ["a", "b"]) await tag(name);
    const [, safe] = await follow();
    for (const name of ["c", "d"]) await tag(name);
    const [, lost, lostIds] = await follow(safe);
    await lose(2);
    expect(await read(lost)).toMatchObject(refused);
    expect((await follow(safe))[0]).toBe("");
    for (const name of ["e", "f"]) {
      await tag(name);
      expect(await read(lost)).toMatchObject(refused);
    }
    await tag("g");
    expect(await read(lost)).toMatchObject(refused);
    const [names, , ids] = await follow(safe);
    expect(names).toBe("efg");
    expect(ids.filter((id) => lostIds.includes(id))).toEqual([]);
  });

  test("a cursor behind them is refused when retention has dropped those that have their numbers", async () => {
    await tag("a");
    const [, safe] = await follow();
    await tag("b");
    const [, lost] = await follow(safe);
    await lose(1);
    await tag("c");
    const [, other] = await follow(safe);
    const drop = () =>
      registry.database.admin.query(
        "delete from changes where enterprise_id = $1 and number <= (select max(number) from changes where enterprise_id = $1 and after ->> 'name' = 'c')",
        [client.enterpriseId],
      );
    await drop();
    expect(await read(lost)).toMatchObject(refused);
    expect((await follow(other))[0]).toBe("");
    await restart();
    await tag("d");
    expect(await read(lost)).toMatchObject(refused);
    expect((await follow(other))[0]).toBe("d");
  });

  test("a stream that was connected is told when it reconnects", async () => {
    await tag("a");
    const [, safe] = await follow();
    await tag("b");
    const [, lost] = await follow(safe);
    await lose(1);
    expect(await client.get(`${path}/stream`, { headers: { "last-event-id": lost } })).toMatchObject({
      status: 410,
      body: { details: { headers: { "last-event-id": expect.any(String) } } },
    });
  });
});
