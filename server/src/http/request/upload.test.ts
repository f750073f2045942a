import { once } from "node:events";
import { request as send } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { importPurge } from "../../imports/job/purge.ts";
import { purge } from "../../jobs/purge.ts";
import { type Answer, type Client, startApp } from "../../testing/start-app.ts";

const fileBytesMax = 20 * 1024 * 1024;
const it = startApp({ fileBytesMax });
const jobs = "/v1/customer-imports";
const together = "/v1/enterprise-customers/import";
const people = "external_id,Last name\nK-1,Lovelace\nK-2,Hopper\n";
const csv = { "content-type": "text/csv" };

let client: Client;
let url: string;
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);
beforeAll(async () => {
  url = await it.app.listen({ host: "127.0.0.1", port: 0 });
  process.on("unhandledRejection", note).on("uncaughtExceptionMonitor", note);
});
afterAll(() => {
  process.off("unhandledRejection", note).off("uncaughtExceptionMonitor", note);
  expect(unhandled).toEqual([]);
});
beforeEach(async () => {
  client = await it.client();
});

const post = (path: string, body: unknown, headers: Record<string, string> = csv) =>
  client.request("POST", path, { body, headers });

/** Over a connection, like a browser. */
async function posted(path: string, body: RequestInit["body"], headers: Record<string, string> = {}) {
  const answer = await fetch(url + path, {
    method: "POST",
    body,
    headers: { authorization: client.token, ...headers },
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit);
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer["body"] };
}

/** Sends raw bytes and reads to the end of the connection. */
async function raw(...pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let text = "";
  socket.setEncoding("utf8").on("data", (part) => {
    text += part;
  });
  socket.on("error", () => undefined);
  for (const piece of pieces) socket.write(piece);
  await once(socket, "close");
  return text;
}

async function done(id: string) {
  await it.work();
  return (await client.get(`${jobs}/${id}`)).body.data;
}

const fieldErrorsOf = ({ status, body }: { status: number; body: Answer["body"] }) => [
  status,
  body.errorCode,
  body.details,
];
const counted = async (table: string): Promise<number> => {
  const { rows } = await it.database.admin.query(
    `select count(*)::integer as count from ${table} where enterprise_id = $1`,
    [client.enterpriseId],
  );
  return rows[0].count;
};

describe("a file", () => {
  test.each([
    ["text/csv; charset=utf-8", people, "csv"],
    ["text/tab-separated-values", people.replaceAll(",", "\t"), "csv"],
    ["application/x-ndjson", '{"external_id":"K-1"}\n{"external_id":"K-2"}\n', "ndjson"],
    ["application/json", '[{"external_id":"K-1"},{"external_id":"K-2"}]', "json"],
    ["application/octet-stream", people, "csv"],
  ])("of the type %s becomes a job on both addresses", async (type, body, format) => {
    for (const path of type === "application/json" ? [jobs] : [jobs, together]) {
      const answer = await post(path, body, { "content-type": type });
      expect(answer.status, answer.text).toBe(202);
      expect(answer.headers["location"]).toBe(`${jobs}/${answer.body.data.id}`);
      expect(answer.body.data.file).toMatchObject({ type: format, sizeBytes: body.length });
    }
    expect(await counted("customer_imports")).toBe(1);
  });

  test("of another type is refused with the list of supported ones", async () => {
    for (const type of ["application/pdf", "text/plain", "application/json; charset=latin1"]) {
      const answer = await post(jobs, people, { "content-type": type });
      expect(answer).toMatchObject({ status: 415, body: { errorCode: "MEDIA_TYPE_UNSUPPORTED" } });
      for (const known of ["application/json", "text/csv", "application/x-ndjson", "multipart/form-data"])
        expect(answer.body.details.headers["content-type"]).toContain(known);
    }
    expect(await counted("import_files")).toBe(0);
  });

  test("that is empty is refused", async () => {
    const answer = await post(jobs, gzipSync(""), { ...csv, "content-encoding": "gzip" });
    expect(answer).toMatchObject({ status: 400, body: { errorCode: "IMPORT_FILE_INVALID" } });
    expect(await counted("customer_imports")).toBe(0);
  });

  test("has the name from the request, without invalid characters", async () => {
    const named = async (disposition: string) =>
      (await post(`${jobs}?again=1`, people, { ...csv, "content-disposition": disposition })).body.data.file
        .name;
    expect(await named('attachment; filename="kunden.csv"')).toBe("kunden.csv");
    expect(await named("attachment; filename=kunden.csv")).toBe("kunden.csv");
    expect(await named(`attachment; filename="${"x".repeat(300)}"`)).toBe("x".repeat(255));
    expect(await named("attachment")).toBe("");
  });

  test("is stored unpacked", async () => {
    const plain = await post(jobs, people);
    for (const encoding of ["gzip", "x-gzip", "GZIP"]) {
      const answer = await post(jobs, gzipSync(people), { ...csv, "content-encoding": encoding });
      expect(answer.body.data).toMatchObject({ id: plain.body.data.id, file: { sizeBytes: people.length } });
    }
    expect(await done(plain.body.data.id)).toMatchObject({ phase: "completed", created: 2 });
  });

  test.each([
    ["is cut off", gzipSync(people.repeat(1_000)).subarray(0, -20)],
    ["is none", Buffer.from(people)],
    ["is damaged", damaged(gzipSync(people.repeat(1_000)))],
  ])("whose archive %s is refused, and the connection stays open for the answer", async (_, bytes) => {
    for (const answer of [
      await post(jobs, bytes, { ...csv, "content-encoding": "gzip" }),
      await posted(jobs, bytes, { ...csv, "content-encoding": "gzip" }),
      await posted(together, bytes, { "content-type": "application/json", "content-encoding": "gzip" }),
    ])
      expect(fieldErrorsOf(answer)).toEqual([
        400,
        "IMPORT_FILE_INVALID",
        { body: { "": "is not valid gzip or is truncated" } },
      ]);
    expect(await counted("customer_imports")).toBe(0);
  });

  test("that is too large unpacked is refused, whatever its packed size", async () => {
    const bomb = gzipSync(Buffer.alloc(10 * fileBytesMax));
    expect(bomb.length).toBeLessThan(fileBytesMax / 50);
    for (const type of ["text/csv", "application/json"]) {
      const answer = await posted(jobs, bomb, { "content-type": type, "content-encoding": "gzip" });
      expect(fieldErrorsOf(answer)).toEqual([413, "BODY_TOO_LARGE", null]);
    }
    const form = await posted(
      jobs,
      gzipSync(await bytesOf(formOf(["file", Buffer.alloc(2 * fileBytesMax)]))),
      {
        "content-type": `multipart/form-data; boundary=${boundary}`,
        "content-encoding": "gzip",
      },
    );
    expect(fieldErrorsOf(form)).toEqual([413, "BODY_TOO_LARGE", null]);
    expect(await counted("customer_imports")).toBe(0);
  });

  test("that is too large is refused before it has arrived", async () => {
    const head = `POST ${jobs} HTTP/1.1\r\nhost: a\r\nauthorization: ${client.token}\r\ncontent-type: text/csv\r\n`;
    const answers = [
      await raw(`${head}content-length: ${8 * 1024 ** 3 + 1}\r\n\r\n`, "a,b\n"),
      await raw(
        `${head}content-length: ${2 * fileBytesMax}\r\n\r\n`,
        Buffer.alloc(fileBytesMax + 1024 * 1024, "a,b\n"),
      ),
    ];
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1.1 413 /);
      expect(answer.toLowerCase()).toContain("connection: close");
    }
  });

  test("whose sender disconnects midway is stored for no job, and purged", async () => {
    for (const type of ["text/csv", `multipart/form-data; boundary=${boundary}`]) {
      const head = await bytesOf(formOf(["file", "external_id\n"]));
      const files = await counted("import_files");
      const request = send(url + jobs, {
        method: "POST",
        headers: { authorization: client.token, "content-type": type },
      });
      request.on("error", () => undefined);
      request.write(head.subarray(0, -(boundary.length + 8)));
      request.write(Buffer.alloc(3 * 1024 * 1024, "K-1\n"));
      await expect.poll(() => counted("import_files")).toBe(files + 1);
      request.destroy();
    }
    await expect
      .poll(async () => {
        const { rows } = await it.database.admin.query(
          "select from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()",
        );
        return rows.length;
      })
      .toBe(0);
    const { rows } = await it.database.admin.query(
      "select from import_files where enterprise_id = $1 and sha256 is not null",
      [client.enterpriseId],
    );
    expect(rows).toHaveLength(0);
    expect(await counted("customer_imports")).toBe(0);
    await purge(it.database, importPurge, new Date(Date.now() + 25 * 3_600_000));
    expect(await counted("import_files")).toBe(0);
  });

  test("that arrives twice at once is one job", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => posted(jobs, people, csv)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
    expect(await done(answers[0]!.body.data.id)).toMatchObject({ created: 2 });
  });
});

describe("rows of JSON", () => {
  test("in chunks and of more than 16 MiB become a job, fewer are answered at once", async () => {
    const rows = (bytes: number) =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          const encoder = new TextEncoder();
          controller.enqueue(encoder.encode('[{"external_id":"K-1"}'));
          for (let sent = 0; sent < bytes; sent += 64 * 1024)
            controller.enqueue(encoder.encode(" ".repeat(64 * 1024)));
          controller.enqueue(encoder.encode(',{"external_id":"K-2"}]'));
          controller.close();
        },
      });
    const json = { "content-type": "application/json" };
    const few = await posted(together, rows(1024 * 1024), json);
    expect(few).toMatchObject({ status: 200, body: { data: { created: 2 } } });
    const many = await posted(together, rows(16 * 1024 * 1024), json);
    expect(many.status).toBe(202);
    expect(many.headers.get("location")).toBe(`${jobs}/${many.body.data.id}`);
    expect(await done(many.body.data.id)).toMatchObject({ phase: "completed", unchanged: 2 });
  });

  test("that are compressed are handled alike", async () => {
    const answer = await post(together, gzipSync('[{"external_id":"K-1"}]'), {
      "content-type": "application/json",
      "content-encoding": "gzip",
    });
    expect(answer).toMatchObject({ status: 200, body: { data: { created: 1 } } });
  });
});

const boundary = "----a-boundary";

/** A form like a browser's; `file` parts have a name. */
function formOf(...parts: [name: string, value: string | Uint8Array][]): FormData {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (name === "file") form.append(name, new Blob([value as string], { type: "text/csv" }), "kunden.csv");
    else form.append(name, value as string);
  }
  return form;
}

/** The form with a known boundary. */
async function bytesOf(form: FormData): Promise<Buffer> {
  const request = new Request("http://a", { method: "POST", body: form });
  const [, given] = /boundary=(.*)$/.exec(request.headers.get("content-type")!)!;
  const text = Buffer.from(await request.arrayBuffer()).toString("latin1");
  return Buffer.from(text.replaceAll(given!, boundary), "latin1");
}

const asForm = { "content-type": `multipart/form-data; boundary=${boundary}` };

function damaged(bytes: Buffer): Buffer {
  const middle = Math.floor(bytes.length / 2);
  bytes.fill(0xff, middle, middle + 20);
  return bytes;
}

describe("a form", () => {
  test("has the file and its options, before or after it", async () => {
    const form = formOf(
      ["mode", "create"],
      ["file", people],
      ["dry_run", "1"],
      ["match_on", "external_id,id"],
    );
    for (const path of [jobs, together]) {
      const answer = await posted(path, form);
      expect(answer.status, JSON.stringify(answer.body)).toBe(202);
      expect(answer.body.data).toMatchObject({ dryRun: true, file: { name: "kunden.csv", type: "csv" } });
    }
    const { rows } = await it.database.admin.query(
      "select options from customer_imports where enterprise_id = $1",
      [client.enterpriseId],
    );
    expect(rows).toMatchObject([{ options: { mode: "create", matchOn: ["external_id", "id"] } }]);
  });

  test("reports what is wrong with its parts", async () => {
    const refused = async (...parts: Parameters<typeof formOf>) =>
      fieldErrorsOf(await posted(jobs, formOf(...parts)));
    expect(await refused(["mode", "create"])).toEqual([
      400,
      "IMPORT_FILE_INVALID",
      { body: { "": "has no part `file`" } },
    ]);
    expect(await refused(["file", people], ["file", people])).toEqual([
      400,
      "REQUEST_INVALID",
      { body: { file: "occurs twice" } },
    ]);
    expect(await refused(["file", people], ["mapping", "x".repeat(100_001)])).toEqual([
      400,
      "REQUEST_INVALID",
      { body: { mapping: "must have at most 100000 bytes" } },
    ]);
    expect(await refused(["file", people], ["file_name", "a\0b"])).toEqual([
      400,
      "REQUEST_INVALID",
      { body: { file_name: "must not contain U+0000" } },
    ]);
    const many = Array.from({ length: 41 }, (_, at): [string, string] => [`x${at}`, ""]);
    expect(await refused(...many, ["file", people])).toEqual([
      400,
      "REQUEST_INVALID",
      { body: { "": "has more than 40 parts" } },
    ]);
    expect((await refused(["file", people], ["mode", "sometimes"]))[2]).toEqual({
      query: { mode: expect.stringContaining("upsert") },
    });
    expect((await refused(["file", ""]))[1]).toBe("IMPORT_FILE_INVALID");
    expect(await counted("customer_imports")).toBe(0);
  });

  test("that is malformed or cut off is refused, wherever it breaks", async () => {
    const whole = await bytesOf(formOf(["mode", "create"], ["file", people], ["dry_run", "1"]));
    // Some programs omit the end of the last line.
    for (let end = 0; end < whole.length - 4; end += 7) {
      const answer = await posted(jobs, whole.subarray(0, end), asForm);
      expect(answer.status, `${end}: ${JSON.stringify(answer.body)}`).toBe(400);
    }
    const none = await posted(jobs, whole, { "content-type": "multipart/form-data" });
    expect(fieldErrorsOf(none)).toEqual([
      400,
      "IMPORT_FILE_INVALID",
      { body: { "": "is a form without a boundary" } },
    ]);
    expect(await counted("customer_imports")).toBe(0);
    expect((await posted(jobs, whole, asForm)).status).toBe(202);
  });

  test("may be packed, and its archive may be damaged", async () => {
    const whole = await bytesOf(formOf(["file", people.repeat(1_000)]));
    const headers = { ...asForm, "content-encoding": "gzip" };
    expect((await posted(jobs, gzipSync(whole), headers)).status).toBe(202);
    const answer = await posted(jobs, damaged(gzipSync(whole)), headers);
    expect(fieldErrorsOf(answer)).toEqual([
      400,
      "IMPORT_FILE_INVALID",
      { body: { "": "is not valid gzip or is truncated" } },
    ]);
  });

  test("with names that a database cannot store is accepted without the invalid characters", async () => {
    const whole = (await bytesOf(formOf(["file", people]))).toString("latin1");
    const odd = whole.replace("kunden.csv", "kun\0den\u001f.csv").replace("text/csv", "text/\0csv");
    const answer = await posted(jobs, Buffer.from(odd, "latin1"), asForm);
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    expect(answer.body.data.file.name).toBe("kunden.csv");
  });
});

describe("an idempotency key", () => {
  const key = (name: string) => ({ ...csv, "idempotency-key": name });

  test("with the same file returns the same answer, with the job's location", async () => {
    const first = await post(`${jobs}?again=1`, people, key("k"));
    const again = await post(`${jobs}?again=1`, people, key("k"));
    expect(again).toMatchObject({ status: 202, text: first.text });
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(again.headers["location"]).toBe(first.headers["location"]);
    expect(await counted("customer_imports")).toBe(1);
  });

  test("with another file, or the same with other options, is refused", async () => {
    const form = (mode: string) => formOf(["file", people], ["mode", mode]);
    const first = await posted(jobs, form("create"), { "idempotency-key": "k" });
    expect(first.status).toBe(202);
    const again = await posted(jobs, form("create"), { "idempotency-key": "k" });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    for (const answer of [
      await posted(jobs, form("update"), { "idempotency-key": "k" }),
      await posted(jobs, formOf(["file", `${people}K-3,Hamilton\n`], ["mode", "create"]), {
        "idempotency-key": "k",
      }),
    ])
      expect(answer).toMatchObject({ status: 422, body: { errorCode: "IDEMPOTENCY_KEY_REUSED" } });
    expect(await counted("customer_imports")).toBe(1);
  });
});
