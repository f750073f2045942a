import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApp } from "../../server/src/testing/start-app.ts";
import { type ClientOptions, createClient, type FileBody } from "./index.ts";

const registry = startApp();
let baseUrl: string;
beforeAll(async () => {
  baseUrl = await registry.app.listen({ port: 0, host: "127.0.0.1" });
});
// `fetch` keeps an unused connection open, and closing the service would wait for it.
afterAll(() => registry.app.server.closeAllConnections());

const people = "external_id,First name\nK-1,Jürgen\nK-2,Ada\n";
const type = "text/csv";

async function newClient(options: Partial<ClientOptions> = {}) {
  const { appId, appSecret } = await registry.client();
  return createClient({ baseUrl, appId, appSecret, retry: { delayMs: 1, triesMax: 3 }, ...options });
}

/** Splits a text into chunks of 7 bytes. */
async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

describe("a file as a body", () => {
  test.each<[string, FileBody]>([
    ["a Blob", { file: new Blob([people]), type }],
    ["a web stream", { file: new Response(people).body!, type }],
    ["a Node stream", { file: Readable.from(chunksOf(people)), type }],
    ["an async iterable", { file: chunksOf(people), type }],
    ["a function that opens the file", { file: async () => chunksOf(people), type }],
    ["compressed", { file: new Blob([gzipSync(people)]), type, contentEncoding: "gzip" }],
  ])("can be %s", async (_, body) => {
    const client = await newClient();
    const { data, location } = await client.createImport({ body: { ...body, name: "Kundschaft ü.csv" } });
    expect(location).toBe(`/v1/customer-imports/${data.id}`);
    await registry.work();
    const { data: job } = await client.fetchImport({ importId: data.id });
    expect(job).toMatchObject({
      phase: "completed",
      created: 2,
      file: { name: "Kundschaft ü.csv", type: "csv", sizeBytes: Buffer.byteLength(people) },
    });
    expect((await client.listCustomers()).data.map(({ firstName }) => firstName)).toEqual(["Ada", "Jürgen"]);
  });

  test("is sent with options, and JSON rows still work", async () => {
    const client = await newClient();
    const file = { file: new Blob(["Nummer;Vorname\n7;Ada\n"]), type };
    const mapping = JSON.stringify({ Nummer: "external_id", Vorname: "firstName" });
    await client.createImport({ body: file, mapping });
    await client.createImport({ body: { customers: [{ external_id: "8" }] } });
    await registry.work();
    const { data } = await client.listCustomers({ sort: "externalId" });
    expect(data.map(({ externalId, firstName }) => [externalId, firstName])).toEqual([
      ["7", "Ada"],
      ["8", ""],
    ]);
  });

  test("can be sent by importCustomers, which returns the path of the job", async () => {
    const client = await newClient();
    const now = await client.importCustomers({ body: { customers: [{ external_id: "1" }] } });
    expect(now).toMatchObject({ location: null, data: { created: 1 } });
    const later = await client.importCustomers({ body: { file: new Blob([people]), type } });
    expect(later).toMatchObject({
      location: expect.stringMatching(/^\/v1\/customer-imports\//),
      data: { phase: "queued" },
    });
    await registry.work();
  });
});

describe("a file in a call that fails", () => {
  /** The real service; the first answer to an import is lost. */
  const losingFirstAnswer = (): { fetch: typeof fetch; sent: () => number } => {
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
    ["a function that opens the file", () => () => chunksOf(people)],
  ])("is sent again if it is %s, and imported once", async (_, file) => {
    const { fetch, sent } = losingFirstAnswer();
    const client = await newClient({ fetch });
    const { headers } = await client.createImport({ body: { file: file(), type } });
    expect(headers.get("idempotency-replayed")).toBe("true");
    expect(sent()).toBe(2);
    expect((await client.listImports()).total).toBe(1);
    await registry.work();
  });

  test("is not sent again if it is a started stream", async () => {
    const { fetch, sent } = losingFirstAnswer();
    const client = await newClient({ fetch });
    const lost = client.createImport({ body: { file: chunksOf(people), type } });
    await expect(lost).rejects.toMatchObject({ code: "CONNECTION_FAILED" });
    expect(sent()).toBe(1);
    await registry.work();
  });

  test("is sent again if it is an unstarted stream", async () => {
    let tries = 0;
    const client = await newClient({
      fetch: async (url, init) => {
        if (String(url).includes("imports") && tries++ === 0)
          throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
        return fetch(url, init);
      },
    });
    const { data } = await client.createImport({ body: { file: chunksOf(people), type } });
    expect(tries).toBe(2);
    await registry.work();
    expect((await client.fetchImport({ importId: data.id })).data.created).toBe(2);
  });

  test("is cancelled if never sent, and an error of the caller's stream is thrown unchanged", async () => {
    const client = await newClient({ appSecret: "wrong" });
    let isCancelled = false;
    const file = new ReadableStream<Uint8Array>({
      cancel: () => {
        isCancelled = true;
      },
    });
    await expect(client.createImport({ body: { file, type } })).rejects.toMatchObject({ status: 401 });
    expect(isCancelled).toBe(true);

    const broken = async function* () {
      yield Buffer.from("external_id\n");
      throw new Error("The disk is gone.");
    };
    const other = await newClient();
    const failed = other.createImport({ body: { file: broken(), type } });
    await expect(failed).rejects.toThrow("The disk is gone.");
  });
});

describe("a downloaded file", () => {
  test("has a type, a name, a byte stream and text", async () => {
    const client = await newClient();
    const { data } = await client.createImport({
      body: { file: new Blob(["external_id,email\n1,nobody\n"]), type, name: "people.csv" },
    });
    await registry.work();
    const errors = await client.fetchImportErrors({ importId: data.id });
    expect(errors.type).toMatch(/^text\/csv/);
    expect(errors.name).toMatch(/\.csv$/);
    expect(await errors.text()).toContain("nobody");
    const again = await client.fetchImportErrors({ importId: data.id });
    const chunks = await Array.fromAsync(again.body as AsyncIterable<Uint8Array>);
    expect(Buffer.concat(chunks).toString()).toContain("nobody");
  });

  test("that does not exist is an error", async () => {
    const client = await newClient();
    const missing = client.fetchImportErrors({ importId: "0123456789abcdef01234567" });
    await expect(missing).rejects.toMatchObject({ status: 404, code: "IMPORT_NOT_FOUND" });
  });

  test("of an unexpected media type is an error", async () => {
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
      message: `${baseUrl} answered 200, not a Clientele response: Log in`,
    });
  });

  test.each<[string, (end: (error: Error) => void, signal: AbortSignal) => void, object]>([
    [
      "breaks off",
      (end) => end(new TypeError("terminated")),
      { code: "CONNECTION_FAILED", message: "closed the connection during its answer: terminated." },
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
