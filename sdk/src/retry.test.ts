import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { startApp } from "../../server/src/testing/start-app.ts";
import { ClienteleError, createClient } from "./index.ts";
import { defaultRetryPolicy, retryDelayMs } from "./retry.ts";

const registry = startApp();
let service: string;
beforeAll(async () => {
  service = await registry.app.listen({ port: 0, host: "127.0.0.1" });
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown;

/** An HTTP server on a free port that records requests and forwards token requests to the service. */
async function serve(handler: Handler) {
  const seen: { method: string; key: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    if (request.url?.startsWith("/v1/auth")) return forward(request, response, body);
    seen.push({ method: request.method!, key: request.headers["idempotency-key"] as string | undefined });
    return handler(request, response, body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function forward(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
  const answer = await fetchFromService(request, body);
  response.writeHead(answer.status, { "content-type": "application/json", ...replayed(answer) });
  response.end(await answer.text());
}

const fetchFromService = ({ url, method, headers }: IncomingMessage, body: Buffer): Promise<Response> => {
  const { host: _, connection: __, "transfer-encoding": ___, ...rest } = headers;
  return fetch(`${service}${url}`, {
    method: method!,
    headers: rest as Record<string, string>,
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  });
};

const replayed = ({ headers }: Response) =>
  headers.has("idempotency-replayed") ? { "idempotency-replayed": headers.get("idempotency-replayed")! } : {};

const quick = { delayMs: 1, triesMax: 4 };

async function clientOf(baseUrl: string, options: { timeoutMs?: number } = {}) {
  const { appId, appSecret, enterpriseId } = await registry.client();
  return { client: createClient({ baseUrl, appId, appSecret, retry: quick, ...options }), enterpriseId };
}

const answerOf =
  (status: number, body: string, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);

/** Each request is handled by the next handler; the last one handles all others. */
const inTurn = (...handlers: Handler[]): Handler => {
  let turn = 0;
  return (...exchange) => handlers[Math.min(turn++, handlers.length - 1)]!(...exchange);
};

/** Lets the service handle the request, then closes the connection without an answer. */
const dropAnswer: Handler = async (request, response, body) => {
  await (await fetchFromService(request, body)).text();
  response.socket?.destroy();
};

/** Closes the connection in the middle of the answer. */
const cutAnswer: Handler = async (request, response, body) => {
  const text = await (await fetchFromService(request, body)).text();
  response.writeHead(201, { "content-length": String(text.length) });
  response.write(text.slice(0, 10), () => response.socket?.destroy());
};

describe("a write whose answer is lost", () => {
  test.each([
    ["once", [dropAnswer]],
    ["twice", [dropAnswer, dropAnswer]],
    ["in the middle", [cutAnswer]],
  ])("%s has one effect, and is answered", async (_, losses) => {
    const { baseUrl, seen } = await serve(inTurn(...losses, forward));
    const { client, enterpriseId } = await clientOf(baseUrl);
    const { data, headers } = await client.createCustomer({
      body: { customfields: [{ id: "firstName", value: "Ann" }] },
    });
    expect(headers.get("idempotency-replayed")).toBe("true");
    expect(seen).toHaveLength(losses.length + 1);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
    const { rows } = await registry.database.admin.query(
      "select subject_id, kind from changes where enterprise_id = $1 and subject = 'customer'",
      [enterpriseId],
    );
    expect(rows).toEqual([{ subject_id: data.id, kind: "created" }]);
  });

  test("keeps an idempotency key chosen by the caller, also across processes", async () => {
    const { client, enterpriseId } = await clientOf(service);
    const options = { idempotencyKey: "order-1" };
    const first = await client.createCustomer({ body: {} }, options);
    const second = await client.createCustomer({ body: {} }, options);
    expect(second.data).toEqual(first.data);
    const { rowCount } = await registry.database.admin.query(
      "select 1 from customers where enterprise_id = $1",
      [enterpriseId],
    );
    expect(rowCount).toBe(1);
  });
});

describe("a call is retried", () => {
  const busy = answerOf(429, '{"error":"Too many requests.","errorCode":"RATE_LIMITED"}', {
    "retry-after": "0",
  });
  const away = answerOf(503, '{"error":"Away.","errorCode":"DATABASE_UNAVAILABLE"}');
  const inUse = answerOf(409, '{"error":"Running.","errorCode":"IDEMPOTENCY_KEY_IN_USE"}');
  const html = answerOf(502, "<html>Bad gateway</html>", { "content-type": "text/html" });

  test.each([
    ["a limit of requests", busy],
    ["an absent database", away],
    ["its own first try that still runs", inUse],
    ["a proxy that has lost the service", html],
  ])("after %s", async (_, trouble) => {
    const { baseUrl, seen } = await serve(inTurn(trouble, trouble, forward));
    const { client } = await clientOf(baseUrl);
    expect((await client.createCustomer({ body: {} })).data.id).toHaveLength(24);
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
  });

  test("up to `triesMax` times", async () => {
    const { baseUrl, seen } = await serve(away);
    const { client } = await clientOf(baseUrl);
    const error = { status: 503, code: "DATABASE_UNAVAILABLE", message: "Away." };
    await expect(client.createCustomer({ body: {} })).rejects.toMatchObject(error);
    expect(seen).toHaveLength(quick.triesMax);
  });

  test("not if the service rejected it", async () => {
    const { baseUrl, seen } = await serve(forward);
    const { client } = await clientOf(baseUrl);
    await expect(client.fetchCustomer({ customerId: "none" })).rejects.toMatchObject({ status: 404 });
    expect(seen).toEqual([{ method: "GET", key: undefined }]);
  });

  test("not if its caller aborted it", async () => {
    const stop = new AbortController();
    const { baseUrl, seen } = await serve((...exchange) => {
      stop.abort(new Error("enough"));
      return away(...exchange);
    });
    const { client } = await clientOf(baseUrl);
    await expect(client.createCustomer({ body: {} }, { signal: stop.signal })).rejects.toThrow("enough");
    expect(seen).toHaveLength(1);
  });
});

describe("a missing or unexpected answer", () => {
  test("times out", async () => {
    const { baseUrl, seen } = await serve(() => undefined);
    const { client } = await clientOf(baseUrl);
    await expect(client.listCompanies({}, { timeoutMs: 20 })).rejects.toMatchObject({
      code: "TIMED_OUT",
      status: null,
      message: `${baseUrl} did not answer within 0.02 s.`,
    });
    expect(seen).toHaveLength(quick.triesMax);
  });

  test("names the unreachable address", async () => {
    const { baseUrl } = await serve(() => undefined);
    servers.splice(0).map((server) => server.close());
    const { client } = await clientOf(baseUrl);
    await expect(client.listCompanies()).rejects.toMatchObject({
      code: "CONNECTION_FAILED",
      message: `${baseUrl} cannot be reached: ECONNREFUSED.`,
    });
  });

  test.each([
    [
      "a page of a proxy",
      answerOf(403, "<html><head><title>x</title></head><h1>Access\n denied</h1></html>"),
      "answered 403, not a Clientele response: Access denied",
    ],
    [
      "something else at the address",
      answerOf(200, "hello"),
      "answered 200, not a Clientele response: hello",
    ],
    ["nothing in it", answerOf(200, ""), "answered 200, not a Clientele response"],
    [
      "the way to another address",
      answerOf(301, "", { location: "https://example.com/" }),
      "answered 301 with a redirect to https://example.com/, not a Clientele response",
    ],
  ])("but %s is an error that shows it", async (_, handler, message) => {
    const { baseUrl, seen } = await serve(handler);
    const { client } = await clientOf(baseUrl);
    await expect(client.listCompanies()).rejects.toMatchObject({
      code: "ANSWER_UNKNOWN",
      message: `${baseUrl} ${message}`,
    });
    expect(seen).toHaveLength(1);
  });
});

describe("the delay before a retry", () => {
  const busy = (retryAfterMs: number | null) =>
    new ClienteleError("Busy.", { code: "RATE_LIMITED", status: 429, retryAfterMs });

  test("doubles up to its limit and has jitter", () => {
    const policy = { ...defaultRetryPolicy, triesMax: 100 };
    for (const [tries, longest] of [
      [1, 250],
      [2, 500],
      [4, 2_000],
      [50, 8_000],
    ] as const) {
      const waits = Array.from({ length: 50 }, () => retryDelayMs(busy(null), tries, policy)!);
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(longest / 2);
      expect(Math.max(...waits)).toBeLessThanOrEqual(longest);
      expect(new Set(waits).size).toBeGreaterThan(1);
    }
  });

  test("is at least `Retry-After`; a longer one than the limit ends the call", () => {
    expect(retryDelayMs(busy(30_000), 1, defaultRetryPolicy)).toBeGreaterThan(30_000);
    expect(retryDelayMs(busy(61_000), 1, defaultRetryPolicy)).toBeNull();
  });
});
