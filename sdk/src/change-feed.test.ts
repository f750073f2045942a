import { beforeAll, expect, test } from "vitest";
import { startApp } from "../../server/src/testing/start-app.ts";
import { createClient } from "./index.ts";

const registry = startApp();
let baseUrl: string;
beforeAll(async () => {
  baseUrl = await registry.app.listen({ port: 0, host: "127.0.0.1" });
});

async function newClient() {
  const { appId, appSecret } = await registry.client();
  const waits: (string | null)[] = [];
  const counted: typeof fetch = (url, init) => {
    const { pathname, searchParams } = new URL(String(url));
    if (pathname === "/v1/customer-changes") waits.push(searchParams.get("wait"));
    return fetch(url, init);
  };
  return { client: createClient({ baseUrl, appId, appSecret, fetch: counted }), waits };
}

test("`once` reads all pages and ends", async () => {
  const { client, waits } = await newClient();
  const { nextCursor: cursor } = (await client.listChanges({ from: "now" })).data;
  for (const name of ["a", "b", "c"]) await client.createTag({ body: { name } });
  const seen: unknown[] = [];
  const pages: [string, number][] = [];
  const onPage = (cursor: string) => {
    pages.push([cursor, seen.length]);
  };
  for await (const { after } of client.changes({ cursor, once: true, limit: 2, onPage }))
    seen.push(after?.["name"]);
  expect(seen).toEqual(["a", "b", "c"]);
  expect(pages.map(([, count]) => count)).toEqual([2, 3]);
  expect(waits).toEqual([null, null, null]);

  const rest = await Array.fromAsync(client.changes({ cursor: pages[0]![0], once: true }));
  expect(rest.map(({ after }) => after?.["name"])).toEqual(["c"]);
  expect(await Array.fromAsync(client.changes({ from: "now", once: true }))).toEqual([]);
  const fields = await Array.fromAsync(client.changes({ subject: ["customField", "customer"], once: true }));
  expect(fields).toEqual([]);
});

test("waits for new changes until aborted", async () => {
  const { client, waits } = await newClient();
  const controller = new AbortController();
  const seen: unknown[] = [];
  const names = ["a", "b", "c"];
  const onPage = async () => {
    const name = names[seen.length];
    if (name === undefined) controller.abort(new Error("stopped"));
    else await client.createTag({ body: { name } });
  };
  const follow = async () => {
    for await (const change of client.changes({ from: "now", onPage }, { signal: controller.signal }))
      seen.push(change.after?.["name"]);
  };
  await expect(follow()).rejects.toThrow("stopped");
  expect(seen).toEqual(names);
  expect(waits.slice(0, 4)).toEqual([null, "25", "25", "25"]);
});
