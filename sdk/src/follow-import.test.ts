import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp } from "../../server/src/testing/start-app.ts";
import { type ClientOptions, createClient, type ImportJob } from "./index.ts";

const registry = startApp();
let baseUrl: string;
beforeAll(async () => {
  baseUrl = await registry.app.listen({ port: 0, host: "127.0.0.1" });
});
// `fetch` keeps an unused connection open, and closing the service would wait for it.
afterAll(() => registry.app.server.closeAllConnections());

async function newImport(options: Partial<ClientOptions> = {}) {
  const { appId, appSecret } = await registry.client();
  const client = createClient({
    baseUrl,
    appId,
    appSecret,
    retry: { delayMs: 1, delayMaxMs: 20 },
    ...options,
  });
  const file = new Blob(["external_id\n1\n2\n"]);
  const { data } = await client.createImport({ body: { file, type: "text/csv" } });
  return { client, importId: data.id };
}

/** The real service, with the number of streams and of polls of an import. */
function counting(altered: (url: string, init: RequestInit | undefined) => Promise<Response>) {
  const looks = { streams: 0, fetches: 0 };
  const counted: typeof fetch = async (url, init) => {
    if (/imports\/\w+\/progress/.test(String(url))) looks.streams++;
    else if (/imports\/\w+$/.test(String(url))) looks.fetches++;
    return altered(String(url), init);
  };
  return { looks, fetch: counted };
}

/** The phases that `follow` yields; the import runs after the first. */
async function seen(follow: AsyncIterable<ImportJob>): Promise<string[]> {
  const phases: string[] = [];
  for await (const { phase, created } of follow) {
    phases.push(`${phase} ${created}`);
    if (phases.length === 1) await registry.work();
  }
  return phases;
}

test("follows an import from its current phase to its end", async () => {
  const { looks, fetch: counted } = counting(fetch);
  const { client, importId } = await newImport({ fetch: counted });
  const phases = await seen(client.follow(importId));
  expect(phases[0]).toBe("queued 0");
  expect(phases.at(-1)).toBe("completed 2");
  expect(looks).toEqual({ streams: 1, fetches: 0 });
  expect(await seen(client.follow(importId))).toEqual(["completed 2"]);
});

test("reconnects after a broken connection and yields nothing twice", async () => {
  const away: string[] = [];
  const { looks, fetch: counted } = counting(async (url, init) => {
    if (!url.includes("/progress") || looks.streams > 3) return fetch(url, init);
    if (looks.streams === 2) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
    const answer = await fetch(url, init);
    const reader = answer.body!.getReader();
    const { value } = await reader.read();
    const cut = new ReadableStream({
      start: (controller) => controller.enqueue(value),
      pull: (controller) => controller.error(new TypeError("terminated")),
    });
    await reader.cancel();
    return Object.defineProperty(new Response(cut, answer), "url", { value: url });
  });
  const { client, importId } = await newImport({ fetch: counted });
  const phases = await seen(client.follow(importId, { onAway: ({ message }) => away.push(message) }));
  expect(phases).toEqual(["queued 0", "completed 2"]);
  expect(looks.fetches).toBe(0);
  expect(away).toEqual([
    `${baseUrl} closed the connection during its answer: terminated.`,
    `${baseUrl} cannot be reached: ECONNREFUSED.`,
  ]);
});

test("polls if server-sent events do not come through", async () => {
  const { looks, fetch: counted } = counting(async (url, init) => {
    if (!url.includes("/progress")) return fetch(url, init);
    const page = new Response("<h1>Not here</h1>", {
      status: 501,
      headers: { "content-type": "text/html" },
    });
    return Object.defineProperty(page, "url", { value: url });
  });
  const { client, importId } = await newImport({ fetch: counted });
  expect(await seen(client.follow(importId))).toEqual(["queued 0", "completed 2"]);
  expect(looks.streams).toBe(1);
  expect(looks.fetches).toBeGreaterThan(1);
});

test("gives up on an unreachable service and an unknown import", async () => {
  const { client, importId } = await newImport({
    fetch: async (url, init) => {
      if (/imports\/\w/.test(String(url))) throw new TypeError("fetch failed", { cause: { code: "EPIPE" } });
      return fetch(url, init);
    },
  });
  await expect(client.follow(importId, { awayMaxMs: 0 }).next()).rejects.toMatchObject({
    code: "CONNECTION_FAILED",
  });
  const { client: other } = await newImport();
  await expect(other.follow("0123456789abcdef01234567").next()).rejects.toMatchObject({ status: 404 });
});

test("can be ended by `break` and by an abort signal", async () => {
  const { client, importId } = await newImport();
  for await (const { phase } of client.follow(importId)) {
    expect(phase).toBe("queued");
    break;
  }
  const stop = new AbortController();
  const following = client.follow(importId, { signal: stop.signal });
  await following.next();
  stop.abort(new Error("enough"));
  await expect(following.next()).rejects.toThrow("enough");
});
