import { expect, test } from "vitest";
import { startApp } from "../testing/start-app.ts";

let now = new Date();
const registry = startApp({ clock: () => now });
const path = "/v1/customer-changes";
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

/** Creates tags at a time and returns the cursor after each. */
async function tagsAt(time: Date, enterpriseId: string, names: readonly string[]): Promise<string[]> {
  now = time;
  const client = await registry.client({ enterpriseId });
  const cursors: string[] = [];
  for (const name of names) {
    expect((await client.post("/v1/customer-tags", { name })).status).toBe(201);
    cursors.push((await client.get(path, { query: { from: "now" } })).body.data.nextCursor);
  }
  return cursors;
}

test("a cursor from before dropped changes is refused, with a message that says what to do", async () => {
  const { admin } = registry.database;
  await admin.query(
    "select make_changes_of((now() - interval '1 month' * m)::date) from generate_series(1, 5) m",
  );
  now = daysAgo(130);
  const { enterpriseId } = await registry.client();
  const [a, b] = await tagsAt(daysAgo(130), enterpriseId, ["a", "b"]);
  const [c] = await tagsAt(daysAgo(50), enterpriseId, ["c"]);
  const [d] = await tagsAt(daysAgo(0), enterpriseId, ["d"]);
  const client = await registry.client({ enterpriseId });
  const read = (cursor?: string) =>
    client.get(path, { query: { subject: "tag", ...(cursor !== undefined && { cursor }) } });
  const names = async (cursor?: string) =>
    (await read(cursor)).body.data.changes
      .map(({ after }: { after: { name: string } }) => after.name)
      .join("");
  expect([await names(), await names(a), await names(b), await names(c), await names(d)]).toEqual([
    "abcd",
    "bcd",
    "cd",
    "d",
    "",
  ]);

  await admin.query("select keep_changes((now() - interval '85 days')::date)");
  // Every change after `b` is stored, although `b` itself is not.
  expect([await names(), await names(b), await names(c), await names(d)]).toEqual(["cd", "cd", "d", ""]);
  expect(await read(a)).toMatchObject({
    status: 410,
    body: {
      errorCode: "CURSOR_EXPIRED",
      details: { query: { cursor: expect.stringContaining("get a new cursor with from=now") } },
      extras: { errors: [{ key: "CURSOR_TOO_OLD" }] },
    },
  });
  const streamed = await client.get(`${path}/stream`, { headers: { "last-event-id": a! } });
  expect(streamed).toMatchObject({
    status: 410,
    body: { details: { headers: { "last-event-id": expect.any(String) } } },
  });
});

test("a reader of an enterprise without stored changes continues", async () => {
  const { admin } = registry.database;
  await admin.query("select make_changes_of((now() - interval '4 months')::date)");
  now = daysAgo(120);
  const { enterpriseId } = await registry.client();
  const [a] = await tagsAt(now, enterpriseId, ["a"]);
  await admin.query("select keep_changes((now() - interval '85 days')::date)");
  now = new Date();
  const client = await registry.client({ enterpriseId });
  await admin.query("delete from changes where enterprise_id = $1", [enterpriseId]);
  const { status, body } = await client.get(path, { query: { from: "now" } });
  expect(status).toBe(200);
  expect(body.data).toMatchObject({ changes: [], isCaughtUp: true });
  const beginning = await client.get(path);
  expect(beginning.body.data).toMatchObject({ changes: [], isCaughtUp: true });
  await client.post("/v1/customer-tags", { name: "b" });
  for (const { nextCursor } of [body.data, beginning.body.data])
    expect((await client.get(path, { query: { cursor: nextCursor } })).body.data.changes).toHaveLength(1);
  expect((await client.get(path, { query: { cursor: a! } })).status).toBe(410);
});
