import { beforeEach, describe, expect, test } from "vitest";
import { purge } from "../../jobs/purge.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { idempotencyKeyPurge } from "./purge.ts";

const hour = 3_600_000;
let now = new Date("2030-01-01T00:00:00Z");
const it = startApp({ clock: () => now });
const path = "/v1/enterprise-customers";
let client: Client;
beforeEach(async () => {
  client = await it.client();
});

const withKey = (key: string, headers: Record<string, string> = {}) => ({
  headers: { "idempotency-key": key, ...headers },
});
const named = (value: string) => ({ customfields: [{ id: "firstName", value }] });
const countOf = async (of: Client) => (await of.get(path)).body.total;

describe("the same key", () => {
  test("with the same request has one effect and returns the same answer", async () => {
    const first = await client.post(path, named("Ann"), withKey("k"));
    const again = await client.post(path, named("Ann"), withKey("k"));
    expect(first.status).toBe(201);
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(again.headers["etag"]).toBe(first.headers["etag"]);
    expect(await countOf(client)).toBe(1);
  });

  test("covers updates and deletions too", async () => {
    const { body } = await client.post(path, named("Ann"));
    const one = `${path}/${body.data.id}`;
    const updated = await client.patch(one, named("Bea"), withKey("u"));
    await client.patch(one, named("Cleo"));
    expect(await client.patch(one, named("Bea"), withKey("u"))).toMatchObject({
      status: 200,
      text: updated.text,
    });
    expect((await client.get(one)).body.data.firstName).toBe("Cleo");
    const deleted = await client.delete(one, withKey("d"));
    const again = await client.delete(one, withKey("d"));
    expect(again).toMatchObject({ status: 200, text: deleted.text });
    expect(again.headers["idempotency-replayed"]).toBe("true");
  });

  test("with another body, address or branch returns 422", async () => {
    await client.post(path, named("Ann"), withKey("k"));
    const others = [
      await client.post(path, named("Bea"), withKey("k")),
      await client.post(`${path}?x=1`, named("Ann"), withKey("k")),
      await client.post("/v1/customer-tags", { name: "Ann" }, withKey("k")),
    ];
    for (const answer of others) {
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ name: "UnprocessableError", errorCode: "IDEMPOTENCY_KEY_REUSED" });
    }
    expect(await countOf(client)).toBe(1);
  });

  test("returns 409 while the first request runs, and its answer afterwards", async () => {
    await client.post(path, { external_id: "held" });
    const holder = it.database.admin;
    await holder.query("begin");
    await holder.query("select from customers where external_id = 'held' and enterprise_id = $1 for update", [
      client.enterpriseId,
    ]);
    const write = () => client.patch(`${path}/held?external=1`, named("Ann"), withKey("k"));
    const first = write();
    await expect
      .poll(async () => {
        const { rows } = await holder.query(
          `select from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock'
             and database = (select oid from pg_database where datname = current_database())`,
        );
        return rows.length;
      })
      .toBe(1);
    const second = await write();
    await holder.query("rollback");
    expect(second.status).toBe(409);
    expect(second.body.errorCode).toBe("IDEMPOTENCY_KEY_IN_USE");
    expect(second.headers["retry-after"]).toBe("1");
    expect((await first).status).toBe(200);
    expect((await write()).headers["idempotency-replayed"]).toBe("true");
  });

  test("of a failed write is free: nothing is stored for it", async () => {
    const refused = await client.post(
      path,
      { customfields: [{ id: "no-such-field", value: "x" }] },
      withKey("k"),
    );
    expect(refused.status).toBe(400);
    await client.post(path, { external_id: "taken" });
    expect((await client.post(path, { external_id: "taken" }, withKey("k"))).status).toBe(409);
    const accepted = await client.post(path, named("Ann"), withKey("k"));
    expect(accepted.status).toBe(201);
    expect(accepted.headers["idempotency-replayed"]).toBeUndefined();
  });

  test("of another app or enterprise is another key", async () => {
    const sameEnterprise = await it.client({ enterpriseId: client.enterpriseId });
    const otherEnterprise = await it.client();
    for (const one of [client, sameEnterprise, otherEnterprise]) {
      const answer = await one.post(path, named(one.appId), withKey("k"));
      expect(answer.status).toBe(201);
      expect(answer.headers["idempotency-replayed"]).toBeUndefined();
    }
  });

  test("is stored for 24 hours, then purged", async () => {
    await client.post(path, named("Ann"), withKey("k"));
    now = new Date(now.getTime() + 24 * hour - 1_000);
    client = await renewed(client);
    const again = () => client.post(path, named("Ann"), withKey("k"));
    expect((await again()).headers["idempotency-replayed"]).toBe("true");
    now = new Date(now.getTime() + 1_000);
    expect((await again()).headers["idempotency-replayed"]).toBeUndefined();
    expect(await countOf(client)).toBe(2);

    const storedKeys = async () =>
      (
        await it.database.admin.query("select from idempotency_keys where enterprise_id = $1", [
          client.enterpriseId,
        ])
      ).rows.length;
    await purge(it.database, idempotencyKeyPurge, new Date(now.getTime() + 24 * hour - 1_000));
    expect(await storedKeys()).toBe(1);
    await purge(it.database, idempotencyKeyPurge, new Date(now.getTime() + 24 * hour));
    expect(await storedKeys()).toBe(0);
  });
});

test("a key has 1 to 255 characters", async () => {
  expect((await client.post(path, named("Ann"), withKey("x".repeat(255)))).status).toBe(201);
  for (const key of ["x".repeat(256), ""]) {
    const answer = await client.post(path, named("Ann"), withKey(key));
    expect(answer.status).toBe(400);
    expect(answer.body.details.headers["idempotency-key"]).toBe("must have 1 to 255 characters");
  }
});

test("a read ignores the key", async () => {
  const first = await client.get(path, withKey("k"));
  await client.post(path, named("Ann"), withKey("k"));
  const second = await client.get(path, withKey("k"));
  expect([first.body.total, second.body.total]).toEqual([0, 1]);
});

/** The same app with a token of the present. */
async function renewed(of: Client): Promise<Client> {
  const body = { appid: of.appId, appsecret: of.appSecret };
  const { accessToken } = (await it.call("POST", "/v1/auth/token", { body })).body;
  const authorization = { headers: { authorization: `Bearer ${accessToken}` } };
  const merged = (options?: { headers?: Record<string, string> }) => ({
    headers: { ...authorization.headers, ...options?.headers },
  });
  return {
    ...of,
    get: (url, options) => it.call("GET", url, merged(options)),
    post: (url, sent, options) => it.call("POST", url, { ...merged(options), body: sent }),
  };
}
