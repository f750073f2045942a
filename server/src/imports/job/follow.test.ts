import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../../app.ts";
import { driverOf } from "../../database/pools.ts";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const jobs = "/v1/customer-imports";

let client: Client;
beforeEach(async () => {
  client = await registry.client();
});
afterEach(() => {
  vi.useRealTimers();
});

async function queued(): Promise<string> {
  const sent = await client.post(jobs, "external_id\nK-1\n", { headers: { "content-type": "text/csv" } });
  return sent.body.data.id;
}

/** What a stream has said: names of events with the phases that they tell, and comments. */
const eventsIn = (text: string): string[] =>
  text
    .split("\n\n")
    .filter((part) => part !== "")
    .map((part) => {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
      return data === undefined ? part : `${event} ${JSON.parse(data).phase}`;
    });

type Stream = { head: IncomingMessage; events: () => string[]; leave: () => void };

/** Follows an import over a connection of its own. */
async function followed(url: string, id: string): Promise<Stream> {
  const request = get(`${url}${jobs}/${id}/progress`, {
    headers: { authorization: client.token },
    agent: false,
  });
  const [head] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  head.setEncoding("utf8").on("data", (part) => {
    text += part;
  });
  head.on("error", () => undefined);
  return { head, events: () => eventsIn(text), leave: () => request.destroy() };
}

const withApp = async (work: (url: string, app: Awaited<ReturnType<typeof createApp>>) => Promise<void>) => {
  const app = await createApp({ database: registry.database });
  try {
    await work(await app.listen({ host: "127.0.0.1", port: 0 }), app);
  } finally {
    await app.close();
  }
};

const fakeTimers = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

describe("the progress of an import", () => {
  test("of a finished import is one end event", async () => {
    const id = await queued();
    await registry.work();
    const answer = await registry.app.inject({
      url: `${jobs}/${id}/progress`,
      headers: { authorization: client.token },
    });
    expect(answer.headers).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    expect(eventsIn(answer.body)).toEqual(["end completed"]);
    const { body } = await client.get(`${jobs}/${id}`);
    expect(answer.body).toBe(`event: end\ndata: ${JSON.stringify(body.data)}\n\n`);
  });

  test("is sent at once, after each step, and until the end", async () => {
    await withApp(async (url) => {
      const id = await queued();
      fakeTimers();
      const { head, events: heard } = await followed(url, id);
      await expect.poll(heard).toEqual(["progress queued"]);
      await registry.database.admin.query("update customer_imports set phase = 'reading' where id = $1", [
        id,
      ]);
      await expect.poll(() => advanced(500).then(heard)).toEqual(["progress queued", "progress reading"]);
      await registry.work();
      await expect.poll(() => advanced(500).then(() => head.complete)).toBe(true);
      expect(heard()).toEqual(["progress queued", "progress reading", "end completed"]);
    });
  });

  test("is not repeated, but a keep-alive is sent every 15 seconds", async () => {
    await withApp(async (url) => {
      const id = await queued();
      const reads = vi.spyOn(driverOf(registry.database.service), "connect");
      fakeTimers();
      const { events: heard, leave } = await followed(url, id);
      await expect.poll(heard).toHaveLength(1);
      const begun = reads.mock.calls.length;
      const readCount = () => reads.mock.calls.length - begun;
      for (let turn = 1; turn < 30; turn++) {
        await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
        vi.advanceTimersByTime(500);
        await expect.poll(readCount).toBe(turn);
      }
      expect(heard()).toEqual(["progress queued"]);
      await expect.poll(() => advanced(500).then(heard)).toEqual(["progress queued", ": alive"]);
      leave();
      reads.mockRestore();
    });
  });

  test("is not polled any more when the client disconnects", async () => {
    await withApp(async (url, app) => {
      const id = await queued();
      fakeTimers();
      const { events: heard, leave } = await followed(url, id);
      await expect.poll(heard).toHaveLength(1);
      await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
      leave();
      await expect.poll(() => openConnections(app)).toBe(0);
      const reads = vi.spyOn(driverOf(registry.database.service), "connect");
      for (let turn = 1; turn <= 5; turn++) {
        vi.advanceTimersByTime(500);
        await client.get(`${jobs}/${id}`);
        expect(reads).toHaveBeenCalledTimes(turn);
      }
      reads.mockRestore();
    });
  });

  test("ends when the service stops", async () => {
    const app = await createApp({ database: registry.database });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    const id = await queued();
    fakeTimers();
    const { head, events: heard } = await followed(url, id);
    await expect.poll(heard).toEqual(["progress queued"]);
    const closed = app.close();
    await expect.poll(() => head.complete).toBe(true);
    app.server.closeIdleConnections();
    await closed;
    expect(heard()).toEqual(["progress queued"]);
  });

  test("of an unknown import is not found", async () => {
    const stranger = await registry.client();
    const id = await queued();
    const answers = await Promise.all([id, "x"].map((one) => stranger.get(`${jobs}/${one}/progress`)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 404, body: { errorCode: "IMPORT_NOT_FOUND" } });
  });

  test("is not streamed for HEAD", async () => {
    const id = await queued();
    const url = `${jobs}/${id}/progress`;
    const answer = await registry.app.inject({
      method: "HEAD",
      url,
      headers: { authorization: client.token },
    });
    expect(answer).toMatchObject({ statusCode: 200, body: "" });
    expect(answer.headers["content-type"]).toBe("text/event-stream");
  });
});

async function advanced(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
}

const openConnections = (app: {
  server: { getConnections(callback: (error: unknown, count: number) => void): void };
}) => new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));
