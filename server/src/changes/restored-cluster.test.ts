import { expect, test } from "vitest";
import { openDatabase } from "../database/open.ts";
import { signCursor, verifyCursor } from "../keys/signed-cursor.ts";
import { deriveKeys, loadSigningKeys } from "../keys/signing-keys.ts";
import { type Client, startApp } from "../testing/start-app.ts";
import { deliveriesOf, startReceiver } from "../testing/webhooks.ts";

const registry = startApp({ webhookAllow: "127.0.0.1" });
const receiver = startReceiver();
const deliveries = deliveriesOf(registry, () => new Date());
const path = "/v1/customer-changes";

let client: Client;
const tag = async (name: string) =>
  expect((await client.post("/v1/customer-tags", { name })).status).toBe(201);

type Page = { changes: { after: { name: string } }[]; nextCursor: string; isCaughtUp: boolean };
const page = async (query: Record<string, string>): Promise<Page> => {
  const answer = await client.get(path, { query: { subject: "tag", ...query } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.data;
};

/** All that is told behind a cursor, or from the beginning, and where it ends. */
async function follow(cursor?: string): Promise<[names: string, cursor: string]> {
  const names: string[] = [];
  for (let query: Record<string, string> = cursor === undefined ? {} : { cursor }; ; ) {
    const { changes, nextCursor, isCaughtUp } = await page(query);
    names.push(...changes.map(({ after }) => after.name));
    if (isCaughtUp) return [names.join(""), nextCursor];
    query = { cursor: nextCursor };
  }
}

/** How far ahead of this cluster the one is from which the database seems to have come. */
const ahead = 4_000_000_000;
const raised = (snapshot: string | null | undefined) =>
  snapshot?.replace(/^[\d:,]+/, (ids) => ids.replace(/\d+/g, (id) => `${Number(id) + ahead}`));

type Written = [day: number, seen: string | null, reading?: [until: string, after: number, last: number]];

/** A cursor of this cluster as one that is ahead would have given it out. */
async function asGivenThere(cursor: string): Promise<string> {
  const keys = deriveKeys(await loadSigningKeys(registry.database.service), "cursors");
  const scope = `changes of ${client.enterpriseId}`;
  const [day, seen, reading] = verifyCursor<Written>(keys, scope, cursor)!;
  const [until, ...ids] = reading ?? [];
  return signCursor(keys, scope, [day, raised(seen), ...(reading ? [[raised(until!), ...ids]] : [])]);
}

const start = async () =>
  (await openDatabase({ place: { url: registry.database.url }, log: () => undefined })).close();

/** What was written since the last move has been written in a cluster that was ahead, and came here by a dump. */
async function restore(): Promise<void> {
  const { admin } = registry.database;
  await admin.query(
    `update changes set transaction_id = (transaction_id::text::bigint + $1)::text::xid8
     where id >= (select max(first_id) from journal_clusters)`,
    [ahead],
  );
  const { rows } = await admin.query(
    `select id, position from webhooks
     where not exists (select from journal_clusters where place > ('0' || split_part(position ->> 'seen', '@', 2))::int)`,
  );
  for (const { id, position } of rows)
    await admin.query("update webhooks set position = $2 where id = $1", [
      id,
      { seen: raised(position.seen), reading: null },
    ]);
  await admin.query("update journal_clusters set system_identifier = system_identifier - 1");
}

test("cursors, webhooks and new readers continue in a database that was restored into another cluster", async () => {
  client = await registry.client();
  for (const name of ["a", "b"]) await tag(name);
  const { data } = (await client.post("/v1/webhooks", { url: receiver.url, kinds: ["tag.*"] })).body;
  const [, early] = await follow();
  for (const name of ["c", "d"]) await tag(name);
  const middle = await page({ cursor: early, limit: "1" });
  expect(middle.changes.map(({ after }) => after.name)).toEqual(["c"]);

  await restore();
  // As it was before the move was noted.
  expect(await follow()).toMatchObject(["", expect.any(String)]);
  await start();
  const [cursor, inside] = [await asGivenThere(early), await asGivenThere(middle.nextCursor)];
  expect(await follow(inside)).toMatchObject(["d", expect.any(String)]);
  await tag("e");
  const [all, here] = await follow();
  expect(all).toBe("abcde");
  expect((await follow(cursor))[0]).toBe("cde");
  expect((await follow(inside))[0]).toBe("de");
  await tag("f");
  expect((await follow(here))[0]).toBe("f");

  // Another start there notes nothing, another move does.
  await start();
  await restore();
  await start();
  await start();
  await tag("g");
  expect((await follow())[0]).toBe("abcdefg");
  expect((await follow(cursor))[0]).toBe("cdefg");
  expect((await follow(inside))[0]).toBe("defg");
  expect((await follow(await asGivenThere(here)))[0]).toBe("fg");
  const { rows } = await registry.database.admin.query("select place from journal_clusters order by place");
  expect(rows.map(({ place }) => place)).toEqual([0, 1, 2]);

  await deliveries.wake();
  await deliveries.run();
  const log = (await client.get(`/v1/webhooks/${data.id}/deliveries`)).body;
  expect(receiver.types()).toEqual(Array(5).fill("tag.created"));
  expect(log.total).toBe(5);
});
