import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Client, startApp } from "../../testing/start-app.ts";

const it = startApp();
const path = "/v1/enterprise-customers";
let client: Client;
let port: number;
beforeAll(async () => {
  client = await it.client();
  port = Number(new URL(await it.app.listen({ host: "127.0.0.1", port: 0 })).port);
});

/** Sends raw bytes and reads until the other side closes. */
async function raw(...pieces: (string | Buffer)[]): Promise<{ status: number; head: string; body: string }> {
  const socket = connect(port, "127.0.0.1");
  const received: Buffer[] = [];
  socket.on("data", (chunk) => received.push(chunk));
  // A server may refuse and close while the client still sends.
  socket.on("error", () => undefined);
  for (const piece of pieces) socket.write(piece);
  await once(socket, "close");
  const [head = "", body = ""] = Buffer.concat(received)
    .toString()
    .split(/\r\n\r\n(.*)/s);
  return { status: Number(head.split(" ")[1]), head: head.toLowerCase(), body };
}

describe("a body", () => {
  test("of another type, of none, in another encoding or compressed is 415", async () => {
    const send = (headers: Record<string, string>, body: string | Buffer = "{}") =>
      client.request("POST", path, { body, headers });
    for (const type of [
      "text/plain",
      "application/xml",
      "application/json-patch+json",
      "application/json; charset=latin1",
    ]) {
      const answer = await send({ "content-type": type });
      expect(answer.status, type).toBe(415);
      expect(answer.body.errorCode).toBe("MEDIA_TYPE_UNSUPPORTED");
      expect(answer.body.details.headers["content-type"]).toContain("application/json");
    }
    expect((await send({ "content-type": "Application/JSON ; charset=UTF-8" })).status).toBe(201);
    const zipped = await send({ "content-encoding": "gzip" }, gzipSync("{}"));
    expect(zipped.status).toBe(415);
    expect(zipped.headers["accept-encoding"]).toBe("identity");
    const untyped = await it.app.inject({
      method: "POST",
      url: path,
      headers: { authorization: client.token },
      payload: Buffer.from("{}"),
    });
    expect(untyped.statusCode).toBe(415);
  });

  test("that is missing where one is needed is 400", async () => {
    for (const headers of [{}, { "content-type": "application/json" }]) {
      const answer = await client.request("POST", path, { headers: headers as Record<string, string> });
      expect(answer.status).toBe(400);
      expect(answer.body.details).toEqual({ body: { "": "is required" } });
    }
  });

  test("of more than 1 MiB is 413, and of an import one that says it has more than 8 GiB", async () => {
    const body = `{"external_id":"${"x".repeat(1024 * 1024)}"}`;
    const answer = await client.request("POST", path, { body });
    expect(answer.status).toBe(413);
    expect(answer.body.errorCode).toBe("BODY_TOO_LARGE");
    const large = await client.request("POST", `${path}/import`, {
      body: `[${" ".repeat(2 * 1024 * 1024)}]`,
    });
    expect(large.status).toBe(200);
    const head = `POST ${path}/import HTTP/1.1\r\nhost: a\r\nauthorization: ${client.token}\r\ncontent-type: application/json\r\n`;
    const refused = await raw(`${head}content-length: ${8 * 1024 ** 3 + 1}\r\n\r\n`, "[");
    expect(refused.status).toBe(413);
  });

  test("that parses but is harmful returns 400 with its path, never 500", async () => {
    const bodies: [string, string][] = [
      ['{"external_id":"\\u0000"}', "external_id"],
      ['{"external_id":"\\ud800"}', "external_id"],
      ['{"__proto__":{"x":1}}', "__proto__"],
      ['{"external_id":"a","external_id":"b"}', "external_id"],
      ['{"customfields":[{"id":"firstName","value":1e400}]}', "customfields.0.value"],
      ["[".repeat(1024 * 1023), Array(32).fill("0").join(".")],
      ["{", ""],
    ];
    for (const [body, place] of bodies) {
      const answer = await client.request("POST", path, { body });
      expect(answer.status).toBe(400);
      expect(Object.keys(JSON.parse(answer.text).details.body)).toContain(place);
    }
  });

  test("of a caller without a token is not read", async () => {
    const answer = await raw(
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
    );
    expect(answer.status).toBe(401);
    expect(answer.head).toContain("connection: close");
  });
});

describe("an address", () => {
  test.each([
    ["?q=%ED%A0%80", { query: { q: "must be percent-encoded UTF-8" } }],
    ["?q=%", { query: { q: "must be percent-encoded UTF-8" } }],
    ["?a=1&q=x%00", { query: { q: "must not contain U+0000" } }],
    ["?%00=1", { query: { "\0": "must not contain U+0000" } }],
    ["?filter%5Bx%5D=%C0%AF", { query: { "filter[x]": "must be percent-encoded UTF-8" } }],
    ["/%00", { params: { customerId: "must not contain U+0000" } }],
    ["/%ED%A0%80", { params: { "": "must be percent-encoded UTF-8" } }],
    ["/%zz", { params: { "": "must be percent-encoded UTF-8" } }],
    [`/${"x".repeat(4_001)}`, { params: { "": "is too long" } }],
  ])("that is not valid UTF-8 returns 400 with the path: %s", async (rest, details) => {
    const answer = await client.get(path + rest);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errorCode: "REQUEST_INVALID", details });
    expect(answer.headers["x-request-id"]).toBeTypeOf("string");
  });

  test("with unencoded bytes returns 400, not a search for other letters", async () => {
    const head = `host: a\r\nconnection: close\r\nauthorization: ${client.token}\r\n\r\n`;
    const answer = await raw(Buffer.from(`GET ${path}?q=Müller HTTP/1.1\r\n${head}`));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).errorCode).toBe("REQUEST_MALFORMED");
  });

  test("of the longest external id is read", async () => {
    const answer = await client.get(`${path}/${encodeURIComponent("語".repeat(255))}?external=1`);
    expect(answer.status).toBe(404);
    expect(answer.body.errorCode).toBe("CUSTOMER_NOT_FOUND");
  });
});

describe("methods", () => {
  test("that a path does not support return 405 with the supported ones", async () => {
    for (const method of ["PUT", "DELETE", "PATCH", "TRACE"]) {
      const answer = await it.call(method, path);
      expect(answer.status, method).toBe(405);
      expect(answer.headers["allow"]).toBe("GET, HEAD, OPTIONS, POST");
      expect(answer.body.errorCode).toBe("METHOD_NOT_ALLOWED");
    }
    const withBody = await it.call("PUT", path, { body: "x", headers: { "content-type": "text/plain" } });
    expect(withBody.status).toBe(405);
    expect((await it.call("POST", `${path}/0123456789abcdef01234567`, { body: {} })).status).toBe(405);
  });

  test("are listed by OPTIONS, and no other origin is allowed", async () => {
    const answer = await it.call("OPTIONS", path, {
      headers: { origin: "https://example.com", "access-control-request-method": "GET" },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers["allow"]).toBe("GET, HEAD, OPTIONS, POST");
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("HEAD answers like GET, without the body", async () => {
    const answer = await client.request("HEAD", "/v1/companies");
    expect(answer).toMatchObject({ status: 200, text: "" });
  });
});

test("an unknown address returns 404 in the error envelope", async () => {
  const answer = await it.call("GET", "/v1/nothing");
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ name: "NotFoundError", errorCode: "ROUTE_NOT_FOUND" });
});

test("every answer has the security headers", async () => {
  const answers = [
    await client.get("/v1/companies"),
    await it.call("GET", "/v1/companies"),
    await it.call("GET", "/nothing"),
    await it.call("GET", "/v1/%zz"),
  ];
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "x-request-id": expect.stringMatching(/^[0-9a-f]{24}$/),
    });
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  }
});

test("a caller's request id is used when it is short and plain", async () => {
  const idFor = async (id: string) =>
    (await it.call("GET", "/v1/companies", { headers: { "x-request-id": id } })).headers["x-request-id"];
  expect(await idFor("Ab_9-x")).toBe("Ab_9-x");
  for (const id of ["a b", "x".repeat(65), 'a"b', "ü"]) expect(await idFor(id)).not.toBe(id);
});

describe("bytes that are not HTTP are answered in the error envelope, and the connection is closed", () => {
  test.each([
    ["no request line", "hello\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["a header without a name", "GET / HTTP/1.1\r\nhost: a\r\n: x\r\n\r\n", 400, "REQUEST_MALFORMED"],
    [
      "two lengths",
      "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
      400,
      "REQUEST_MALFORMED",
    ],
    [
      "a length and chunks",
      "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
      "REQUEST_MALFORMED",
    ],
    [
      "large headers",
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(17_000)}\r\n\r\n`,
      431,
      "HEADERS_TOO_LARGE",
    ],
    ["a long address", `GET /${"x".repeat(17_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, 431, "HEADERS_TOO_LARGE"],
  ])("%s", async (_name, bytes, status, errorCode) => {
    const answer = await raw(bytes);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ errorCode });
    expect(answer.head).toContain("connection: close");
    expect(answer.head).toMatch(/x-request-id: [0-9a-f]{24}/);
  });
});

describe("a body that does not arrive", () => {
  const fakeTimers = () =>
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
  const headOf = (address: string) =>
    `POST ${address} HTTP/1.1\r\nhost: a\r\nauthorization: ${client.token}\r\ncontent-length: 1000\r\n`;

  const nextRequest = async (): Promise<IncomingMessage> => (await once(it.app.server, "request"))[0];

  async function expectTimeout(answer: ReturnType<typeof raw>): Promise<void> {
    const { status, head, body } = await answer;
    expect(status).toBe(408);
    expect(JSON.parse(body).errorCode).toBe("REQUEST_TIMEOUT");
    expect(head).toContain("connection: close");
  }

  test("is 408 after 30 seconds", async () => {
    fakeTimers();
    const timers = vi.spyOn(globalThis, "setTimeout");
    const answer = raw(`${headOf(path)}content-type: application/json\r\n\r\n{`);
    await expect.poll(() => timers.mock.calls.map(([, delayMs]) => delayMs)).toContain(30_000);
    vi.advanceTimersByTime(30_000);
    await expectTimeout(answer);
  });

  test.each(["application/json", "text/csv", "multipart/form-data; boundary=x"])(
    "and may be a file is 408 when nothing has come for 60 seconds: %s",
    async (type) => {
      fakeTimers();
      const timers = vi.spyOn(globalThis, "setInterval");
      const arriving = nextRequest();
      const answer = raw(`${headOf(`${path}/import`)}content-type: ${type}\r\n\r\n{`);
      await expect.poll(() => timers.mock.calls.map(([, delayMs]) => delayMs)).toContain(60_000);
      // Starts the reader first: without one, no event is sent.
      const request = await arriving;
      await expect.poll(() => request.listenerCount("error")).toBeGreaterThan(0);
      vi.advanceTimersByTime(60_000);
      vi.advanceTimersByTime(60_000);
      await expectTimeout(answer);
    },
  );

  test("but keeps arriving is read to its end", async () => {
    fakeTimers();
    const timers = vi.spyOn(globalThis, "setInterval");
    const arriving = nextRequest();
    const socket = connect(port, "127.0.0.1");
    socket.write(`${headOf(`${path}/import`)}content-type: application/json\r\n\r\n[`);
    const request = await arriving;
    const bytesRead = () => request.socket.bytesRead;
    await expect.poll(() => timers.mock.calls.map(([, delayMs]) => delayMs)).toContain(60_000);
    for (let minute = 1; minute <= 9; minute++) {
      const before = bytesRead();
      socket.write(" ".repeat(100));
      await expect.poll(bytesRead).toBe(before + 100);
      vi.advanceTimersByTime(60_000);
    }
    socket.write(`${" ".repeat(98)}]`);
    const [answered] = await once(socket.setEncoding("utf8"), "data");
    expect(answered).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
  });
});

test("every wait of the server has a deadline", () => {
  const { server } = it.app;
  expect(server).toMatchObject({
    headersTimeout: 10_000,
    requestTimeout: 3_600_000,
    keepAliveTimeout: 72_000,
    timeout: 120_000,
  });
});
