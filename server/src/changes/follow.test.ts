import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { driverOf } from "../database/pools.ts";
import { type Client, startApp } from "../testing/start-app.ts";

const registry = startApp();
const path = "/v1/customer-changes";

let client: Client;
let cursor: string;
beforeEach(async () => {
  client = await registry.client();
  cursor = (await client.get(path)).body.data.nextCursor;
});
afterEach(() => {
  vi.useRealTimers();
});

const tag = async (name: string): Promise<void> => {
  const { status, text } = await client.post("/v1/customer-tags", { name });
  expect(status, text).toBe(201);
};

type App = Awaited<ReturnType<typeof createApp>>;

const withApp = async (work: (url: string, app: App) => Promise<void>) => {
  const app = await createApp({ database: registry.database });
  try {
    await work(await app.listen({ host: "127.0.0.1", port: 0 }), app);
  } finally {
    await app.close();
  }
};

const fakeTimers = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

const often = { timeout: 30_000, interval: 5 };

/** Half a second goes by, once somebody waits for it. */
async function poll(): Promise<void> {
  await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
  vi.advanceTimersByTime(500);
}

/** Half a second goes by, whether anybody waits or has been answered. */
function later<Value>(read: () => Value): Value {
  vi.advanceTimersByTime(500);
  return read();
}

type Asked = { head: Promise<IncomingMessage>; text: () => string; leave: () => void };

/** Asks over a connection of its own. */
function ask(url: string, headers: Record<string, string> = {}): Asked {
  const request = get(url, { headers: { authorization: client.token, ...headers }, agent: false });
  request.on("error", () => undefined);
  let text = "";
  const head = once(request, "response").then(([answer]: IncomingMessage[]) => {
    answer!.on("error", () => undefined).setEncoding("utf8");
    answer!.on("data", (part) => {
      text += part;
    });
    return answer!;
  });
  head.catch(() => undefined);
  return { head, text: () => text, leave: () => request.destroy() };
}

const openConnections = (app: App) =>
  new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));

/** What the database is asked from now on. */
function countedReads(): () => number {
  const reads = vi.spyOn(driverOf(registry.database.service), "connect");
  const before = reads.mock.calls.length;
  return () => reads.mock.calls.length - before;
}

describe("a request that waits for a change", () => {
  const page = (asked: Asked) => JSON.parse(asked.text()).data;

  test("is answered as soon as there is a change", async () => {
    await withApp(async (url) => {
      fakeTimers();
      const asked = ask(`${url}${path}?wait=30&cursor=${cursor}`);
      await poll();
      await poll();
      expect(asked.text()).toBe("");
      await tag("a");
      await expect.poll(() => later(asked.text)).not.toBe("");
      expect(page(asked)).toMatchObject({ changes: [{ after: { name: "a" } }], isCaughtUp: true });
    });
  });

  test("does not wait when there is a change already, and ignores other subjects", async () => {
    await tag("a");
    const { body } = await client.get(path, { query: { wait: "30", cursor } });
    expect(body.data.changes).toHaveLength(1);
    await withApp(async (url) => {
      fakeTimers();
      const asked = ask(`${url}${path}?wait=1&subject=customer&cursor=${cursor}`);
      await poll();
      await poll();
      await expect.poll(asked.text).not.toBe("");
      expect(page(asked)).toMatchObject({ changes: [], isCaughtUp: true });
      expect(page(asked).nextCursor).not.toBe(cursor);
    });
  });

  test("is answered with an empty page after its timeout", async () => {
    await withApp(async (url) => {
      fakeTimers();
      const asked = ask(`${url}${path}?wait=2&cursor=${cursor}`);
      const reads = countedReads();
      await expect.poll(() => later(asked.text), often).not.toBe("");
      expect(reads()).toBeGreaterThanOrEqual(4);
      expect(page(asked)).toMatchObject({ changes: [], isCaughtUp: true });
    });
  });

  test("stops polling when the client disconnects", async () => {
    await withApp(async (url, app) => {
      fakeTimers();
      const asked = ask(`${url}${path}?wait=30&cursor=${cursor}`);
      await poll();
      await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
      asked.leave();
      await expect.poll(() => openConnections(app)).toBe(0);
      const reads = countedReads();
      for (let turn = 1; turn <= 5; turn++) {
        vi.advanceTimersByTime(500);
        await client.get("/v1/customer-tags");
        expect(reads()).toBe(turn);
      }
    });
  });

  test("is answered when the service stops", async () => {
    const app = await createApp({ database: registry.database });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    fakeTimers();
    const asked = ask(`${url}${path}?wait=30&cursor=${cursor}`);
    await poll();
    const closed = app.close();
    await expect.poll(asked.text).not.toBe("");
    app.server.closeIdleConnections();
    await closed;
    expect(page(asked)).toMatchObject({ changes: [] });
  });
});

type Event = { id?: string; event?: string; data?: string; comment?: string };

const eventsIn = (text: string): Event[] =>
  text
    .split("\n\n")
    .slice(0, -1)
    .map((block) =>
      Object.fromEntries(
        block.split("\n").map((line) => {
          const [name, ...rest] = line.split(": ");
          return [name === "" ? "comment" : name, rest.join(": ")];
        }),
      ),
    );

const eventNamesIn = (text: string): string[] =>
  eventsIn(text).map(({ event, data, comment }) => {
    if (event === undefined) return comment!;
    return event === "change" ? JSON.parse(data!).after.name : event;
  });

describe("a stream", () => {
  const stream = `${path}/stream`;

  test("sends existing changes, a caught-up event, and new changes as they happen", async () => {
    await tag("a");
    await withApp(async (url) => {
      fakeTimers();
      const asked = ask(`${url}${stream}`);
      expect((await asked.head).headers).toMatchObject({
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      await expect.poll(() => eventNamesIn(asked.text())).toEqual(["a", "caught-up"]);
      await tag("b");
      await expect.poll(() => later(() => eventNamesIn(asked.text()))).toEqual(["a", "caught-up", "b"]);
      const { data } = (await client.get(path)).body;
      const changeEvents = eventsIn(asked.text()).filter(({ event }) => event === "change");
      expect(changeEvents.map((event) => JSON.parse(event.data!))).toEqual(data.changes);
      asked.leave();
    });
  });

  test("resumes after any of its events, and after any page", async () => {
    for (const name of ["a", "b", "c"]) await tag(name);
    const events = eventsIn((await client.get(stream)).text);
    expect(events.map(({ event }) => event)).toEqual(["change", "change", "change", "caught-up"]);
    for (const [at, { id }] of events.entries()) {
      const rest = [...["a", "b", "c"].slice(at + 1), "caught-up"];
      // The address is the one of the first connection.
      const again = await client.get(stream, {
        query: { from: "beginning" },
        headers: { "last-event-id": id! },
      });
      expect(eventNamesIn(again.text), again.text).toEqual(rest);
      expect(eventNamesIn((await client.get(stream, { query: { cursor: id! } })).text)).toEqual(rest);
      const { body } = await client.get(path, { query: { cursor: id! } });
      expect(body.data.changes.map(({ after }: { after: { name: string } }) => after.name)).toEqual(
        rest.slice(0, -1),
      );
    }
    expect(eventNamesIn((await client.get(stream, { query: { from: "now" } })).text)).toEqual(["caught-up"]);
    const refused = await client.get(stream, { headers: { "last-event-id": "x" } });
    expect(refused).toMatchObject({
      status: 400,
      body: { errorCode: "CURSOR_INVALID", details: { headers: { "last-event-id": expect.any(String) } } },
    });
  });

  test("sends a keep-alive with its position every 15 seconds", async () => {
    await withApp(async (url) => {
      fakeTimers();
      const asked = ask(`${url}${stream}?cursor=${cursor}&subject=customer`);
      await expect.poll(() => eventNamesIn(asked.text())).toEqual(["caught-up"]);
      await tag("passed over");
      const reads = countedReads();
      await expect.poll(() => later(() => eventNamesIn(asked.text())), often).toEqual(["caught-up", "alive"]);
      expect(reads()).toBeGreaterThanOrEqual(30);
      const { id } = eventsIn(asked.text()).at(-1)!;
      expect((await client.get(path, { query: { cursor: id! } })).body.data.changes).toEqual([]);
      asked.leave();
    });
  });

  test("stops polling when the client disconnects", async () => {
    await withApp(async (url, app) => {
      fakeTimers();
      const asked = ask(`${url}${stream}`);
      await expect.poll(() => eventNamesIn(asked.text())).toEqual(["caught-up"]);
      await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
      asked.leave();
      await expect.poll(() => openConnections(app)).toBe(0);
      const reads = countedReads();
      for (let turn = 1; turn <= 5; turn++) {
        vi.advanceTimersByTime(500);
        await client.get("/v1/customer-tags");
        expect(reads()).toBe(turn);
      }
    });
  });

  test("ends when the service stops and when the app loses its permission", async () => {
    const app = await createApp({ database: registry.database });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    fakeTimers();
    const asked = ask(`${url}${stream}`);
    await expect.poll(() => eventNamesIn(asked.text())).toEqual(["caught-up"]);
    const closed = app.close();
    const head = await asked.head;
    await expect.poll(() => head.complete).toBe(true);
    app.server.closeIdleConnections();
    await closed;
    await withApp(async (again) => {
      const refused = ask(`${again}${stream}`);
      await expect.poll(() => eventNamesIn(refused.text())).toEqual(["caught-up"]);
      await registry.database.admin.query("update apps set revoked_at = now() where id = $1", [client.appId]);
      const { destroyed } = await refused.head;
      expect(destroyed).toBe(false);
      await expect.poll(() => later(async () => (await refused.head).destroyed)).toBe(true);
    });
  });
});
