import { beforeEach, expect, test } from "vitest";
import { type Client, startApp } from "../../testing/start-app.ts";

const it = startApp();
const path = "/v1/enterprise-customers";
let client: Client;
let one: string;
let etag: string;
const named = (value: string) => ({ customfields: [{ id: "firstName", value }] });
const ifMatch = (value: string) => ({ headers: { "if-match": value } });
const ifNoneMatch = (value: string) => ({ headers: { "if-none-match": value } });

beforeEach(async () => {
  client = await it.client();
  const created = await client.post(path, named("Ann"));
  one = `${path}/${created.body.data.id}`;
  etag = String(created.headers["etag"]);
});

test("a read has the tag that the write answered with", async () => {
  expect(etag).toMatch(/^"\d+\.\d+"$/);
  expect((await client.get(one)).headers["etag"]).toBe(etag);
});

test("a reader with the current record gets 304", async () => {
  for (const tag of [etag, `W/${etag}`, `"0.0", ${etag}`, "*"]) {
    const answer = await client.get(one, ifNoneMatch(tag));
    expect(answer, tag).toMatchObject({ status: 304, text: "" });
    expect(answer.headers["etag"]).toBe(etag);
  }
  expect((await client.get(one, ifNoneMatch('"0.0"'))).status).toBe(200);
  await client.patch(one, named("Bea"));
  expect((await client.get(one, ifNoneMatch(etag))).status).toBe(200);
});

test("a changed definition changes the tag of the same record", async () => {
  await client.post(`${path}/customfields`, { label: "Shoe size", type: "NUMBER" });
  expect((await client.get(one, ifNoneMatch(etag))).status).toBe(200);
  // The record itself is unchanged: writes go through.
  expect((await client.patch(one, named("Bea"), ifMatch(etag))).status).toBe(200);
});

test("a write with the tag of an older version changes nothing", async () => {
  const patched = await client.patch(one, named("Bea"), ifMatch(etag));
  expect(patched.status).toBe(200);
  for (const stale of [etag, '"garbage"', `W/${String(patched.headers["etag"])}`, '""', "x"]) {
    for (const answer of [
      await client.patch(one, named("Cleo"), ifMatch(stale)),
      await client.delete(one, ifMatch(stale)),
    ]) {
      expect(answer.status, stale).toBe(412);
      expect(answer.body).toMatchObject({ name: "PreconditionFailedError", errorCode: "VERSION_MISMATCH" });
    }
  }
  expect((await client.get(one)).body.data.firstName).toBe("Bea");
  expect((await client.patch(one, named("Dora"), ifMatch("*"))).status).toBe(200);
});

test("several tags to match are one too many", async () => {
  const answer = await client.delete(one, ifMatch(`"99.1", ${etag}`));
  expect(answer.status).toBe(400);
  expect(answer.body.details).toEqual({ headers: { "if-match": "must be a single entity tag" } });
});
