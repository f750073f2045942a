import { beforeAll, describe, expect, test } from "vitest";
import { createCompany } from "../companies/provision.ts";
import { type Client, startApp } from "../testing/start-app.ts";

const now = new Date("2030-01-15T09:00:00Z");
const registry = startApp({ clock: () => now, webhookAllow: "hooks.internal, 10.1.0.0/16" });
const path = "/v1/webhooks";
const url = "https://hooks.example.com/clientele";

let client: Client;
beforeAll(async () => {
  client = await registry.client();
});
const create = async (body: object = {}) => (await client.post(path, { url, ...body })).body.data;

describe("a webhook", () => {
  test("is created for all types, and its secret is shown once", async () => {
    const answer = await client.post(path, { url, description: " To the\u200b till " });
    expect(answer.status).toBe(201);
    const { secret, ...webhook } = answer.body.data;
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(webhook).toEqual({
      id: webhook.id,
      url,
      description: "To the till",
      kinds: ["*"],
      companyIds: null,
      isPaused: false,
      isDisabled: false,
      stopReason: null,
      stoppedAt: null,
      failingSince: null,
      formerSecretUntil: null,
      createdAt: "2030-01-15T09:00:00Z",
      updatedAt: "2030-01-15T09:00:00Z",
    });
    const fetched = await client.get(`${path}/${webhook.id}`);
    expect(fetched.body.data).toEqual(webhook);
    expect(fetched.headers["etag"]).toBe(answer.headers["etag"]);
    expect((await client.get(path)).text).not.toContain("whsec_");
  });

  test("is stored without its secret in clear text", async () => {
    const { id, secret } = await create();
    const { rows } = await registry.database.admin.query(
      "select w::text as row, w.secret from webhooks w where id = $1",
      [id],
    );
    const key = Buffer.from(secret.slice(6), "base64");
    for (const plain of [secret, key.toString("hex"), key.toString("base64")]) {
      expect(rows[0].row).not.toContain(plain);
      expect(rows[0].secret.includes(Buffer.from(plain))).toBe(false);
    }
    expect(rows[0].secret.includes(key)).toBe(false);
  });

  test("is updated attribute by attribute, with a new version", async () => {
    const { id } = await create({ kinds: ["customer.*", "customer.*"], description: "x" });
    const one = `${path}/${id}`;
    const before = await client.get(one);
    expect(before.body.data.kinds).toEqual(["customer.*"]);
    const unchanged = await client.patch(one, { description: "x" });
    expect(unchanged.headers["etag"]).toBe(before.headers["etag"]);
    const changed = await client.patch(one, { kinds: ["tag.created"], url: `${url}/2` });
    expect(changed.body.data).toMatchObject({ kinds: ["tag.created"], url: `${url}/2`, description: "x" });
    const stale = { headers: { "if-match": String(before.headers["etag"]) } };
    expect(await client.patch(one, { description: "y" }, stale)).toMatchObject({ status: 412 });
    expect(await client.delete(one, stale)).toMatchObject({ status: 412 });
  });

  test("accepts only companies of its enterprise", async () => {
    const companyId = await createCompany(
      registry.database.operator,
      client.enterpriseId,
      { name: "Here" },
      now,
    );
    const { id } = await create({ company_ids: [companyId] });
    const elsewhere = "0123456789abcdef01234567";
    const refused = await client.patch(`${path}/${id}`, {
      company_ids: [companyId, elsewhere],
      url: "http://x.example",
    });
    expect(refused).toMatchObject({ status: 400, body: { errorCode: "REQUEST_INVALID" } });
    expect(refused.body.details.body).toEqual({
      url: "must start with https://, unless the operator allows its host",
      "company_ids.1": "there is no such branch",
    });
    expect((await client.get(`${path}/${id}`)).body.data.companyIds).toEqual([companyId]);
    expect((await client.patch(`${path}/${id}`, { company_ids: null })).body.data.companyIds).toBeNull();
  });

  test("is paused and resumed", async () => {
    const { id } = await create();
    const one = `${path}/${id}`;
    const paused = await client.patch(one, { is_paused: true });
    expect(paused.body.data).toMatchObject({
      isPaused: true,
      stopReason: "paused",
      stoppedAt: "2030-01-15T09:00:00Z",
    });
    expect((await client.patch(one, { is_paused: true })).headers["etag"]).toBe(paused.headers["etag"]);
    expect((await client.patch(one, { is_paused: false })).body.data).toMatchObject({
      isPaused: false,
      stopReason: null,
      stoppedAt: null,
    });
  });

  test("gets a new secret; the former one signs for another day", async () => {
    const { id, secret } = await create();
    const rotated = (await client.post(`${path}/${id}/rotate-secret`, undefined)).body.data;
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(secret);
    expect(rotated.formerSecretUntil).toBe("2030-01-16T09:00:00Z");
    await registry.database.admin.query("update webhooks set former_secret_until = $2 where id = $1", [
      id,
      now,
    ]);
    expect((await client.get(`${path}/${id}`)).body.data.formerSecretUntil).toBeNull();
  });

  test("is deleted with its deliveries", async () => {
    const { id } = await create();
    const { body } = await client.post(`${path}/${id}/test`, undefined);
    expect((await client.delete(`${path}/${id}`)).body).toEqual({ data: { id }, status: 1 });
    expect((await client.get(`${path}/${id}`)).body.errorCode).toBe("WEBHOOK_NOT_FOUND");
    expect((await client.get(`${path}/${id}/deliveries/${body.data.id}`)).body.errorCode).toBe(
      "DELIVERY_NOT_FOUND",
    );
    const { rows } = await registry.database.admin.query("select from webhook_queue where webhook = $1", [
      id,
    ]);
    expect(rows).toEqual([]);
  });
});

describe("an address", () => {
  test.each([
    "https://hooks.example.com",
    "https://hooks.example.com:8443/a?b=c",
    "https://93.184.215.14/",
    "https://[2606:4700::1111]/",
    "http://hooks.internal:81/",
    "https://hooks.internal:22/",
    "http://10.1.2.3/",
  ])("may be %s", async (address) => {
    expect((await client.post(path, { url: address })).body.data?.url).toBe(address);
  });

  test.each([
    "http://hooks.example.com/",
    "https://user:password@hooks.example.com/",
    "https://user@hooks.internal/",
    "https://hooks.example.com:22/",
    "https://hooks.example.com:80/",
    "https://10.2.0.1/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://",
    "https://a b/",
    "ftp://hooks.example.com/",
    "hooks.example.com",
    `https://hooks.example.com/${"x".repeat(2_000)}`,
  ])("may not be %s", async (address) => {
    const answer = await client.post(path, { url: address });
    expect(answer).toMatchObject({ status: 400, body: { errorCode: "REQUEST_INVALID" } });
    expect(Object.keys(answer.body.details.body)).toEqual(["url"]);
  });
});
