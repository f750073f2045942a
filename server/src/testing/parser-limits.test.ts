import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Answer, type Client, startApp } from "./start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";
const mebibyte = 1024 * 1024;

let client: Client;
beforeAll(async () => {
  client = await registry.client();
});

const post = (body: string | Buffer, headers: Record<string, string> = {}, path = customers) =>
  client.request("POST", path, { body, headers });
const outcome = ({ status, body }: Answer): string => `${status} ${body.errorCode ?? ""}`.trim();
const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** Whether the engine's parser was called with the body during the request. */
async function isParsed(
  body: string,
  send: () => Promise<Answer>,
): Promise<{ answer: Answer; parsed: boolean }> {
  const parse = vi.spyOn(JSON, "parse");
  try {
    const answer = await send();
    return { answer, parsed: parse.mock.calls.some(([text]) => text === body) };
  } finally {
    parse.mockRestore();
  }
}

describe("a body", () => {
  test("may be nested up to the limit, and one level deeper is refused at once, with its path", async () => {
    const within = await post(`{"customfields":${nested(31)}}`);
    expect(Object.keys(within.body.details.body)).toContain("customfields.0");
    const deeper = `{"customfields":${nested(32)}}`;
    const { answer, parsed } = await isParsed(deeper, () => post(deeper));
    expect(outcome(answer)).toBe("400 REQUEST_INVALID");
    expect(answer.body.details.body[`customfields${".0".repeat(31)}`]).toContain("32 levels");
    expect(parsed).toBe(false);
  });

  test("of as many brackets as fit is refused without being parsed", async () => {
    for (const bracket of ["[", '{"a":']) {
      const body = bracket.repeat(Math.floor(mebibyte / bracket.length));
      const { answer, parsed } = await isParsed(body, () => post(body));
      expect(outcome(answer)).toBe("400 REQUEST_INVALID");
      expect(parsed).toBe(false);
      const imported = await post(body, {}, `${customers}/import`);
      expect(outcome(imported)).toBe("400 REQUEST_INVALID");
    }
  });

  test("with too many attributes is refused with a short error", async () => {
    const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"${index}":0`).join()}}`;
    for (const count of [5_000, 90_000]) {
      const answer = await post(keys(count));
      expect(outcome(answer)).toBe(count > 10_000 ? "400 REQUEST_INVALID" : "400 ATTRIBUTE_UNKNOWN");
      expect(Object.keys(answer.body.details.body).length).toBeLessThanOrEqual(1_000);
    }
    const answer = await post(keys(100_001).slice(0, mebibyte));
    expect(answer.status).toBe(400);
  });

  test("with keys that collide under a weak hash is handled like any other", async () => {
    // Both keys have the same hash under a polynomial of 31, like the same two letters in either order.
    const colliding = (bits: number) =>
      Array.from({ length: 12 }, (_, bit) => ((bits >> bit) & 1 ? "Aa" : "BB")).join("");
    const keys = Array.from({ length: 4_096 }, (_, bits) => `"${colliding(bits)}":0`);
    expect(outcome(await post(`{${keys.join()}}`))).toBe("400 ATTRIBUTE_UNKNOWN");
  });

  test("has a size limit, and that of an import another", async () => {
    const padded = (bytes: number) => `{"booker_id":"x"${" ".repeat(bytes - 17)}}`;
    expect((await post(padded(mebibyte))).status).toBe(201);
    expect(outcome(await post(padded(mebibyte + 1)))).toBe("413 BODY_TOO_LARGE");
    const rows = Buffer.alloc(17 * mebibyte, " ");
    rows.write("[]");
    expect((await post(rows.subarray(0, 3 * mebibyte), {}, `${customers}/import`)).status).toBe(200);
    // A body that is not handled at once is stored and becomes a job.
    expect((await post(rows, {}, `${customers}/import`)).status).toBe(202);
  });

  test("that is compressed is refused, under any name of the encoding", async () => {
    const bomb = gzipSync(Buffer.alloc(20 * mebibyte, " "));
    for (const encoding of ["gzip", "deflate", "br", "zstd", "x-gzip", "gzip, identity", "unknown"]) {
      const answer = await post(bomb, { "content-encoding": encoding });
      expect(outcome(answer), encoding).toBe("415 MEDIA_TYPE_UNSUPPORTED");
    }
    expect(outcome(await post(bomb))).toBe("400 JSON_INVALID");
  });

  test("of another media type is refused", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/json; charset=utf-16",
      "application/jsonp",
      "application/json-patch+json",
      "x",
      "",
    ]) {
      expect((await post('{"booker_id":"x"}', { "content-type": type })).status, type).toBe(415);
    }
    for (const type of [
      "application/json",
      "application/json; charset=utf-8",
      "Application/JSON;Charset=UTF-8",
    ]) {
      expect((await post('{"booker_id":"x"}', { "content-type": type })).status, type).toBe(201);
    }
  });

  test.each([
    ["nothing", "", "REQUEST_INVALID"],
    ["a blank", " ", "JSON_INVALID"],
    ["half an object", '{"booker_id":"x"', "JSON_INVALID"],
    ["two objects", "{}{}", "JSON_INVALID"],
    ["a comma at the end", '{"booker_id":"x",}', "JSON_INVALID"],
    ["a comment", '{/**/"booker_id":"x"}', "JSON_INVALID"],
    ["single quotes", "{'booker_id':'x'}", "JSON_INVALID"],
    ["a bare key", '{booker_id:"x"}', "JSON_INVALID"],
    ["NaN", '{"booker_id":NaN}', "JSON_INVALID"],
    ["a leading zero", '{"booker_id":01}', "JSON_INVALID"],
    ["an escape that is none", '{"booker_id":"\\x41"}', "JSON_INVALID"],
    ["a raw control character", '{"booker_id":"a\u0001"}', "JSON_INVALID"],
    ["null", "null", "REQUEST_INVALID"],
    ["a text", '"x"', "REQUEST_INVALID"],
    ["a number", "1", "REQUEST_INVALID"],
    ["a list", "[]", "REQUEST_INVALID"],
    ["a number out of range", '{"booker_id":1e400}', "REQUEST_INVALID"],
    ["a number where text goes", '{"booker_id":1}', "REQUEST_INVALID"],
    ["a key twice", '{"booker_id":"x","booker_id":"y"}', "REQUEST_INVALID"],
    ["a key twice, escaped", '{"booker_id":"x","\\u0062ooker_id":"y"}', "REQUEST_INVALID"],
    ["a key twice, deep", '{"customfields":[{"id":"email","value":"","id":"notes"}]}', "REQUEST_INVALID"],
    ["a prototype", '{"__proto__":{"booker_id":"x"}}', "REQUEST_INVALID"],
    ["a prototype, escaped", '{"\\u005f_proto__":{"booker_id":"x"}}', "REQUEST_INVALID"],
    ["a constructor", '{"constructor":{"prototype":{"booker_id":"x"}}}', "REQUEST_INVALID"],
    ["an attribute of the answer", '{"globalId":"x"}', "ATTRIBUTE_UNKNOWN"],
    ["an attribute that only the service sets", '{"version":7}', "ATTRIBUTE_UNKNOWN"],
  ])("that is %s is refused, with its path", async (_, body, code) => {
    const answer = await post(body);
    expect(outcome(answer)).toBe(`400 ${code}`);
    expect(Object.keys(answer.body.details.body)).not.toHaveLength(0);
    expect(({} as Record<string, unknown>)["booker_id"]).toBeUndefined();
  });

  test("that is not UTF-8 is refused, with its path", async () => {
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
      const body = Buffer.concat([Buffer.from('{"booker_id":"'), Buffer.from(bytes), Buffer.from('"}')]);
      const answer = await post(body);
      expect(outcome(answer)).toBe("400 JSON_INVALID");
      expect(answer.body.details.body[""]).toContain("byte 14");
    }
  });

  test("with a byte order mark is accepted", async () => {
    expect((await post('\ufeff{"booker_id":"x"}')).status).toBe(201);
  });

  test("of a thousand entries is accepted, of one more refused", async () => {
    const tags = (count: number) => JSON.stringify({ tag_ids: new Array(count).fill("x") });
    expect(outcome(await post(tags(1_000)))).toBe("400 TAG_UNKNOWN");
    expect(outcome(await post(tags(1_001)))).toBe("400 REQUEST_INVALID");
  });
});

describe("a query", () => {
  const get = (query: string) => client.get(`${customers}?${query}`);

  test("of very many parameters or values is answered", async () => {
    for (const query of [
      Array.from({ length: 2_000 }, (_, index) => `p${index}=1`).join("&"),
      Array.from({ length: 2_000 }, () => "ids=x").join("&"),
      `ids=${new Array(5_000).fill("x").join()}`,
      Array.from({ length: 500 }, (_, index) => `filter[f${index}]=1`).join("&"),
      `q=${"a ".repeat(240)}`,
      `filter${"[a]".repeat(1_000)}=1`,
    ]) {
      const answer = await get(query);
      expect([200, 400, 414, 431], `${query.slice(0, 40)} ${answer.text.slice(0, 200)}`).toContain(
        answer.status,
      );
    }
  });

  test("with the name of an object's prototype changes no prototype", async () => {
    for (const query of [
      "__proto__=1",
      "__proto__[page]=1",
      "filter[__proto__]=1",
      "filter[constructor]=1",
      "filter[__proto__][page]=1",
      "constructor[prototype][page]=7",
      "fields=__proto__",
      "fields=constructor",
      "sort=__proto__",
      "sort=toString",
      "sort_type=constructor",
    ]) {
      const { status, body } = await get(query);
      expect([200, 400], query).toContain(status);
      if (status === 200) expect(body.meta.page, query).toBe(1);
      expect(({} as Record<string, unknown>)["page"]).toBeUndefined();
    }
  });

  test("with an invalid number names the parameter", async () => {
    for (const page of ["0", "-1", "1.5", "1e3", "x", "9".repeat(30), "NaN", "0x10", " ", "١"]) {
      const { status, body } = await get(`page=${encodeURIComponent(page)}`);
      expect(status, page).toBe(400);
      expect(Object.keys(body.details.query), page).toEqual(["page"]);
    }
    for (const limit of ["0", "-5", "999999"]) {
      expect((await get(`limit=${limit}`)).body.meta.limit, limit).toBe(10_000);
    }
  });
});

test("an overlong address is refused, one with an external id of full length is accepted", async () => {
  const externalId = "😀".repeat(127);
  expect((await post(JSON.stringify({ external_id: externalId }))).status).toBe(201);
  const path = `${customers}/${encodeURIComponent(externalId)}?external=1`;
  expect((await client.get(path)).body.data.externalId).toBe(externalId);
  const tooLong = await client.get(`${customers}/${"x".repeat(10_000)}`);
  expect([400, 404, 414]).toContain(tooLong.status);
});
