import { Writable } from "node:stream";
import pino from "pino";
import { expect, test } from "vitest";
import { startApp } from "../../testing/start-app.ts";

const written: string[] = [];
const destination = new Writable({
  write(chunk, _encoding, done) {
    written.push(String(chunk));
    done();
  },
});
const it = startApp({ log: pino({ level: "trace" }, destination) });
const lines = () =>
  written
    .join("")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const path = "/v1/enterprise-customers";

test("a request is logged in one line with caller, route and result", async () => {
  const client = await it.client();
  written.length = 0;
  await client.get(`${path}/0123456789abcdef01234567?external=0`, {
    headers: { "x-request-id": "my-request" },
  });
  expect(lines()).toEqual([
    expect.objectContaining({
      requestId: "my-request",
      method: "GET",
      route: `${path}/:customerId`,
      status: 404,
      errorCode: "CUSTOMER_NOT_FOUND",
      enterpriseId: client.enterpriseId,
      appId: client.appId,
      durationMs: expect.any(Number),
      bytesOut: expect.any(Number),
    }),
  ]);
});

test("the error behind a failed request is logged under its id, without the values it quotes", async () => {
  const client = await it.client();
  await it.database.admin.query("alter table customers rename to customers_away");
  written.length = 0;
  const answer = await client.get(`${path}/0123456789abcdef01234567`);
  await it.database.admin.query("alter table customers_away rename to customers");
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain("customers_away");
  expect(answer.body).toMatchObject({ name: "InternalServerError", errorCode: "INTERNAL", details: null });
  const [line] = lines();
  expect(line).toMatchObject({
    requestId: answer.headers["x-request-id"],
    status: 500,
    cause: { code: "42P01", message: "relation … does not exist" },
  });
  expect(line.cause.stack[0]).toMatch(/^at /);
});

test("no name, address, secret or token is ever in the log", async () => {
  written.length = 0;
  const client = await it.client();
  const canaries = {
    name: "Zebediah",
    email: "zebediah@example.com",
    externalId: "canary-external-id",
    query: "canaryquery",
    bearer: "canary.bearer.token",
  };
  const body = {
    external_id: canaries.externalId,
    customfields: [
      { id: "firstName", value: canaries.name },
      { id: "email", value: canaries.email },
    ],
  };
  await client.post(path, body);
  await client.post(path, body);
  await client.post(path, { ...body, [canaries.name]: 1 });
  await client.post(path, `{"external_id":"${canaries.externalId}", ${canaries.name}}`);
  await client.get(`${path}/${canaries.externalId}?external=1`);
  await client.get(`${path}?q=${canaries.query}`);
  await client.get(`${path}?sort=${canaries.query}`);
  await client.get(`/v1/${canaries.name}`);
  await client.get(`/v1/${canaries.name}%zz`);
  await it.call("GET", path, { headers: { authorization: `Bearer ${canaries.bearer}` } });
  await it.call("GET", `/v1/auth/token?appid=${client.appId}&appsecret=${client.appSecret}`);
  await it.call("POST", "/v1/auth/token", {
    body: { appid: client.appId, appsecret: `${client.appSecret}x` },
  });
  await it.call("POST", "/v1/auth/refreshtoken", { body: { refreshtoken: canaries.bearer } });
  // An error whose text quotes its input.
  await it.database.admin.query(
    "alter table customers add constraint canary check (external_id <> 'canary-external-id-2')",
  );
  const broken = await client.post(path, { ...body, external_id: `${canaries.externalId}-2` });
  expect(broken.status).toBe(500);
  const log = written.join("");
  expect(lines().length).toBeGreaterThan(14);
  for (const canary of [...Object.values(canaries), client.appSecret, client.token]) {
    expect(log).not.toContain(canary);
  }
});
