import { expect, test } from "vitest";
import { startApp } from "../testing/start-app.ts";

let now = new Date();
const registry = startApp({ clock: () => now });
const path = "/v1/customer-changes";
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

test("a cursor older than the retained journal is refused, with a message that says what to do", async () => {
  const { admin } = registry.database;
  await admin.query(
    "select make_changes_of((now() - interval '1 month' * m)::date) from generate_series(1, 5) m",
  );
  const { enterpriseId } = await registry.client();
  const cursorOf = async (time: Date): Promise<string> => {
    now = time;
    const then = await registry.client({ enterpriseId });
    return (await then.get(path, { query: { from: "now" } })).body.data.nextCursor;
  };
  const [old, older] = [await cursorOf(daysAgo(50)), await cursorOf(daysAgo(130))];
  const recent = await cursorOf(daysAgo(0));
  const client = await registry.client({ enterpriseId });
  const read = (cursor: string) => client.get(path, { query: { cursor } });
  for (const cursor of [older, old, recent]) expect((await read(cursor)).status).toBe(200);

  await admin.query("select keep_changes((now() - interval '85 days')::date)");
  for (const cursor of [old, recent]) expect((await read(cursor)).status).toBe(200);
  expect(await read(older)).toMatchObject({
    status: 400,
    body: {
      errorCode: "CURSOR_INVALID",
      details: { query: { cursor: expect.stringContaining("get a new cursor") } },
    },
  });
});
