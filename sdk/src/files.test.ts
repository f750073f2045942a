import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp } from "../../server/src/testing/start-app.ts";
import { type ClientOptions, createClient, type FileBody } from "./index.ts";

const it = startApp();
let baseUrl: string;
beforeAll(async () => {
  baseUrl = await it.app.listen({ port: 0, host: "127.0.0.1" });
});
// A connection that was left is replaced by one that nothing was sent over yet, and the service waits for that.
afterAll(() => it.app.server.closeAllConnections());

const people = "external_id,First name\nK-1,Jürgen\nK-2,Ada\n";
const type = "text/csv";

async function newClient(options: Partial<ClientOptions> = {}) {
  const { appId, appSecret } = await it.client();
  return createClient({ baseUrl, appId, appSecret, retry: { delayMs: 1, triesMax: 3 }, ...options });
}

/** In pieces of few bytes, so that the file is one of many. */
async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

describe("a file as a body", () => {
  test.each<[string, FileBody]>([
    ["a Blob", { file: new Blob([people]), type }],
    ["a stream of the web", { file: new Response(people).body!, type }],
    ["a stream of Node", { file: Readable.from(piecesOf(people)), type }],
    ["pieces that are made while they are sent", { file: piecesOf(people), type }],
    ["a function that opens it", { file: async () => piecesOf(people), type }],
    ["packed", { file: new Blob([gzipSync(people)]), type, contentEncoding: "gzip" }],
  ])("can be %s", async (_, body) => {
    const client = await newClient();
    const { data, location } = await client.createImport({ body: { ...body, name: "Kundschaft ü.csv" } });
    expect(location).toBe(`/v1/customer-imports/${data.id}`);
    await it.work();
    const { data: job } = await client.fetchImport({ importId: data.id });
    expect(job).toMatchObject({
      phase: "completed",
      created: 2,
      file: { name: "Kundschaft ü.csv", type: "csv", sizeBytes: Buffer.byteLength(people) },
    });
    expect((await client.listCustomers()).data.map(({ firstName }) => firstName)).toEqual(["Ada", "Jürgen"]);
  });

  test("comes with options, and rows of JSON go as before", async () => {
    const client = await newClient();
    const file = { file: new Blob(["Nummer;Vorname\n7;Ada\n"]), type };
    const mapping = JSON.stringify({ Nummer: "external_id", Vorname: "firstName" });
    await client.createImport({ body: file, mapping });
    await client.createImport({ body: { customers: [{ external_id: "8" }] } });
    await it.work();
    const { data } = await client.listCustomers({ sort: "externalId" });
    expect(data.map(({ externalId, firstName }) => [externalId, firstName])).toEqual([
      ["7", "Ada"],
      ["8", ""],
    ]);
  });

  test("goes through importCustomers too, which says where it is looked at", async () => {
    const client = await newClient();
    const now = await client.importCustomers({ body: { customers: [{ external_id: "1" }] } });
    expect(now).toMatchObject({ location: null, data: { created: 1 } });
    const later = await client.importCustomers({ body: { file: new Blob([people]), type } });
    expect(later).toMatchObject({
      location: expect.stringMatching(/^\/v1\/customer-imports\//),
      data: { phase: "queued" },
    });
    await it.work();
  });
});

describe("a file whose call fails", () => {
  /** The real service, whose first answer to an import is lost. */
  const losingOnce = (): { fetch: typeof fetch; sent: () => number } => {
    let sent = 0;
    return {
      sent: () => sent,
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        if (!String(url).includes("imports") || sent++ > 0) return answer;
        await answer.text();
        throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
      },
    };
  };

  test.each<[string, () => FileBody["file"]]>([
    ["a Blob", () => new Blob([people])],
    ["what a function opens anew", () => () => piecesOf(people)],
  ])("is sent again when it is %s, and imported once", async (_, file) => {
    const { fetch, sent } = losingOnce();
    const client = await newClient({ fetch });
    const { headers } = await client.createImport({ body: { file: file(), type } });
    expect(headers.get("idempotency-replayed")).toBe("true");
    expect(sent()).toBe(2);
    expect((await client.listImports()).total).toBe(1);
    await it.work();
  });

  test("is not sent again when it is a stream of which bytes are gone", async () => {
    const { fetch, sent } = losingOnce();
    const client = await newClient({ fetch });
    const lost = client.createImport({ body: { file: piecesOf(people), type } });
    await expect(lost).rejects.toMatchObject({ code: "CONNECTION_FAILED" });
    expect(sent()).toBe(1);
    await it.work();
  });

  test("is sent again when it is a stream that nobody has touched", async () => {
    let tries = 0;
    const client = await newClient({
      fetch: async (url, init) => {
        if (String(url).includes("imports") && tries++ === 0)
          throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
        return fetch(url, init);
      },
    });
    const { data } = await client.createImport({ body: { file: piecesOf(people), type } });
    expect(tries).toBe(2);
    await it.work();
    expect((await client.fetchImport({ importId: data.id })).data.created).toBe(2);
  });

  test("is let go of, and a fault of the caller's own stream is the caller's", async () => {
    const client = await newClient({ appSecret: "wrong" });
    let isLetGo = false;
    const file = new ReadableStream<Uint8Array>({
      cancel: () => {
        isLetGo = true;
      },
    });
    await expect(client.createImport({ body: { file, type } })).rejects.toMatchObject({ status: 401 });
    expect(isLetGo).toBe(true);

    const broken = async function* () {
      yield Buffer.from("external_id\n");
      throw new Error("The disk is gone.");
    };
    const other = await newClient();
    const failed = other.createImport({ body: { file: broken(), type } });
    await expect(failed).rejects.toThrow("The disk is gone.");
  });
});

describe("a file as an answer", () => {
  test("has a type, a name, and bytes or text", async () => {
    const client = await newClient();
    const { data } = await client.createImport({
      body: { file: new Blob(["external_id,email\n1,nobody\n"]), type, name: "people.csv" },
    });
    await it.work();
    const errors = await client.fetchImportErrors({ importId: data.id });
    expect(errors.type).toMatch(/^text\/csv/);
    expect(errors.name).toMatch(/\.csv$/);
    expect(await errors.text()).toContain("nobody");
    const again = await client.fetchImportErrors({ importId: data.id });
    const pieces = await Array.fromAsync(again.body as AsyncIterable<Uint8Array>);
    expect(Buffer.concat(pieces).toString()).toContain("nobody");
  });

  test("that there is none of is an error as ever", async () => {
    const client = await newClient();
    const missing = client.fetchImportErrors({ importId: "0123456789abcdef01234567" });
    await expect(missing).rejects.toMatchObject({ status: 404, code: "IMPORT_NOT_FOUND" });
  });

  test("of another type than it can have is not taken for it", async () => {
    const client = await newClient({
      fetch: async (url, init) => {
        if (!String(url).includes("errors.csv")) return fetch(url, init);
        const page = new Response("<h1>Log in</h1>", { headers: { "content-type": "text/html" } });
        return Object.defineProperty(page, "url", { value: String(url) });
      },
    });
    const page = client.fetchImportErrors({ importId: "0123456789abcdef01234567" });
    await expect(page).rejects.toMatchObject({
      code: "ANSWER_UNKNOWN",
      message: `${baseUrl} answered 200, not as Clientele does: Log in`,
    });
  });

  test.each<[string, (end: (error: Error) => void, signal: AbortSignal) => void, object]>([
    [
      "breaks off",
      (end) => end(new TypeError("terminated")),
      { code: "CONNECTION_FAILED", message: "broke off its answer: terminated." },
    ],
    [
      "says nothing more",
      (end, signal) => signal.addEventListener("abort", () => end(signal.reason)),
      { code: "TIMED_OUT", message: "sent nothing more for 0.02 s." },
    ],
  ])("that %s is an error where it is read", async (_, end, told) => {
    const client = await newClient({
      fetch: async (url, init) => {
        if (!String(url).includes("errors.csv")) return fetch(url, init);
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(Buffer.from("a,b\n")),
          pull: (controller) => end((error) => controller.error(error), init!.signal!),
        });
        const answer = new Response(body, { headers: { "content-type": "text/csv" } });
        return Object.defineProperty(answer, "url", { value: String(url) });
      },
    });
    await client.listCompanies();
    const importId = "0123456789abcdef01234567";
    const answer = await client.fetchImportErrors({ importId }, { timeoutMs: 20 });
    const { code, message } = told as Record<"code" | "message", string>;
    await expect(answer.text()).rejects.toMatchObject({ code, message: `${baseUrl} ${message}` });
  });
});
