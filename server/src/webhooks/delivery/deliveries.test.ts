import type { AttemptErrorKey } from "@clientele/contract/attempt-errors";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test } from "vitest";
import { createCompany } from "../../companies/provision.ts";
import { purge } from "../../jobs/purge.ts";
import { journalOf } from "../../testing/journal.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { deliveriesOf, startReceiver } from "../../testing/webhooks.ts";
import { wakeForMissedChanges } from "./missed-changes.ts";
import { deliveryPurge } from "./purge.ts";

// The reference library compares with the real time.
let now = new Date(Math.floor(Date.now() / 1000) * 1000);
const clock = () => now;
const registry = startApp({ clock, webhookAllow: "127.0.0.1" });
const receiver = startReceiver();
const deliveries = deliveriesOf(registry, clock);
const customers = "/v1/enterprise-customers";

let client: Client;
beforeEach(async () => {
  receiver.forget();
  client = await registry.client();
});

/** Time advances, and tokens expire. */
const after = async (ms: number) => {
  now = new Date(now.getTime() + ms);
  client = await registry.client({ enterpriseId: client.enterpriseId });
};
const dispatch = async () => {
  await deliveries.wake();
  await deliveries.run();
};
type CreatedWebhook = { id: string; secret: string };
async function create(body: object = {}): Promise<CreatedWebhook> {
  const answer = await client.post("/v1/webhooks", { url: receiver.url, ...body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.data;
}
const logOf = async ({ id }: CreatedWebhook, query: Record<string, string> = {}) =>
  (await client.get(`/v1/webhooks/${id}/deliveries`, { query })).body;
const fetched = async ({ id }: CreatedWebhook) => (await client.get(`/v1/webhooks/${id}`)).body.data;
const named = (lastName: string) => ({ customfields: [{ id: "lastName", value: lastName }] });

describe("a message", () => {
  test("names the record, the time and the changed attributes, but no values", async () => {
    await client.post(customers, named("Before"));
    const { id } = await create();
    const { body } = await client.post(customers, { external_id: "K-1", ...named("Secretly") });
    const customerId = body.data.id;
    const tag = (await client.post("/v1/customer-tags", { name: "Regular" })).body.data;
    await client.patch(`${customers}/${customerId}`, { tag_ids: [tag.id], ...named("Else") });
    await client.delete(`${customers}/${customerId}`);
    await dispatch();

    const lastName = (await client.get(`${customers}/customfields/lastName`)).body.data.id;
    const { data } = (await client.get(`${customers}/${customerId}/history`)).body;
    const [deleted, updated, created] = data as { id: string }[];
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual(
      [
        [
          "customer.created",
          customerId,
          "customer",
          "created",
          1,
          created,
          ["externalId", `fields.${lastName}`],
        ],
        ["tag.created", tag.id, "tag", "created", 0, undefined, ["name"]],
        ["customer.updated", customerId, "customer", "updated", 2, updated, [`fields.${lastName}`, "tags"]],
        [
          "customer.deleted",
          customerId,
          "customer",
          "deleted",
          expect.any(Number),
          deleted,
          ["externalId", `fields.${lastName}`, "tags"],
        ],
      ].map(([type, id, subject, kind, version, change, changed]) => ({
        type,
        timestamp: expect.stringMatching(/Z$/),
        data: {
          id,
          subject,
          kind,
          version,
          reason: "request",
          changeId: (change as { id: string })?.id ?? expect.any(String),
          companyId: null,
          importId: null,
          changed: expect.toSatisfy(
            (names: string[]) =>
              JSON.stringify([...names].sort()) === JSON.stringify([...(changed as string[])].sort()),
          ),
        },
      })),
    );
    expect(JSON.stringify(receiver.received)).not.toMatch(/Secretly|Else|K-1|Regular/);
    const log = (await client.get(`/v1/webhooks/${id}/deliveries`)).body;
    expect(log.data.map(({ kind, status }: Record<string, string>) => `${kind} ${status}`)).toEqual([
      "customer.deleted delivered",
      "customer.updated delivered",
      "tag.created delivered",
      "customer.created delivered",
    ]);
  });

  test("verifies with the reference library of Standard Webhooks", async () => {
    const { id, secret } = await create();
    await client.post(`/v1/webhooks/${id}/test`, undefined);
    await dispatch();
    const [{ headers, body }] = receiver.received as [(typeof receiver.received)[0]];
    expect(headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "user-agent": "clientele",
    });
    const judged = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(judged).toMatchObject({ type: "webhook.test", data: { id } });
    expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  test("is signed with both secrets for a day, then with the new one only", async () => {
    const webhook = await create();
    const { secret } = (await client.post(`/v1/webhooks/${webhook.id}/rotate-secret`, undefined)).body.data;
    const send = async () => {
      receiver.forget();
      await client.post(`/v1/webhooks/${webhook.id}/test`, undefined);
      await dispatch();
      return receiver.received[0]!;
    };
    const both = await send();
    for (const known of [secret, webhook.secret])
      new Webhook(known).verify(both.body, both.headers as Record<string, string>);
    await registry.database.admin.query("update webhooks set former_secret_until = $2 where id = $1", [
      webhook.id,
      now,
    ]);
    const one = await send();
    new Webhook(secret).verify(one.body, one.headers as Record<string, string>);
    expect(String(one.headers["webhook-signature"]).split(" ")).toHaveLength(1);
    expect(() =>
      new Webhook(webhook.secret).verify(one.body, one.headers as Record<string, string>),
    ).toThrow();
  });

  test("has a subscribed type and company", async () => {
    const [north, south] = await Promise.all(
      ["north", "south"].map((name) =>
        createCompany(registry.database.operator, client.enterpriseId, { name }, now),
      ),
    );
    await create({ kinds: ["customer.updated", "tag.*"], company_ids: [north] });
    const at = (companyId: string | undefined) => ({ headers: { "company-id": companyId! } });
    const { id } = (await client.post(customers, {}, at(north))).body.data;
    await client.patch(`${customers}/${id}`, named("South"), at(south));
    await client.patch(`${customers}/${id}`, named("Nowhere"));
    await client.patch(`${customers}/${id}`, named("North"), at(north));
    await client.post("/v1/customer-tags", { name: "North" }, at(north));
    await client.post(`${customers}/customfields/categories`, { name: "North" }, at(north));
    await dispatch();
    expect(receiver.types()).toEqual(["customer.updated", "tag.created"]);
    expect(receiver.data().map(({ companyId }) => companyId)).toEqual([north, north]);
  });

  test("is sent once for an import of any number of customers", async () => {
    await create();
    const rows = Array.from({ length: 300 }, (_, row) => ({ external_id: `${row}` }));
    const { id } = (await client.post("/v1/customer-imports", { customers: rows })).body.data;
    await registry.work();
    await dispatch();
    expect(receiver.types()).toEqual(["import.completed"]);
    expect(receiver.data()[0]).toMatchObject({
      id,
      importId: id,
      import: { phase: "completed", created: 300, failed: 0 },
    });
  });

  test("goes to every webhook of the enterprise and of no other", async () => {
    const [one, other] = [await create(), await create()];
    const stranger = await registry.client();
    await stranger.post("/v1/webhooks", { url: `${receiver.url}/stranger` });
    await client.post(customers, {});
    await dispatch();
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook", "/hook"]);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
    for (const webhook of [one, other]) expect((await logOf(webhook)).total).toBe(1);
  });
});

describe("an administrative event", () => {
  const kinds = ["app.*", "webhook.*", "person.created", "person.deleted"];
  const withAdmin = () =>
    registry.client({ enterpriseId: client.enterpriseId, scopes: ["READ", "WRITE", "DELETE", "ADMIN"] });

  test("is sent to endpoints that subscribe to it by name, signed and without secrets", async () => {
    const admin = await withAdmin();
    const made = (
      await admin.post("/v1/webhooks", { url: `${receiver.url}/admin`, kinds: [...kinds, "company.*"] })
    ).body.data;
    const everything = await create();
    const app = (await admin.post("/v1/apps", { name: "Till" })).body.data;
    const rotated = (await admin.post(`/v1/apps/${app.id}/rotate`, undefined)).body.data;
    const hook = (await admin.post("/v1/webhooks", { url: receiver.url, kinds: ["tag.*"] })).body.data;
    const again = (await admin.post(`/v1/webhooks/${hook.id}/rotate-secret`, undefined)).body.data;
    const person = { email: "ada@example.com", role: "viewer" };
    const invited = (await admin.post("/v1/people", person)).body.data;
    await admin.delete(`/v1/people/invitations/${invited.id}`);
    const companyId = await createCompany(
      registry.database.operator,
      client.enterpriseId,
      { name: "Harbour" },
      now,
    );
    await dispatch();

    const received = receiver.received.filter(({ path }) => path === "/hook/admin");
    for (const { body, headers } of received) new Webhook(made.secret).verify(body, headers as never);
    const data = (type: string, subjectId: string, reason: string, changed: string[]) =>
      expect.objectContaining({
        type,
        data: expect.objectContaining({ id: subjectId, reason, changed: expect.arrayContaining(changed) }),
      });
    // Changes of several records are sent concurrently, in any order.
    const all = received
      .map(({ body }) => JSON.parse(body))
      .sort((one, other) => one.data.changeId - other.data.changeId);
    expect(all).toEqual([
      // A webhook receives its own creation first.
      data("webhook.created", made.id, "request", ["url", "kinds"]),
      data("webhook.created", everything.id, "request", ["url", "kinds"]),
      data("app.created", app.id, "request", ["name", "scopes"]),
      data("app.updated", app.id, "request", ["secretVersion"]),
      data("webhook.created", hook.id, "request", ["url", "kinds"]),
      data("webhook.updated", hook.id, "request", ["formerSecretUntil"]),
      data("person.created", invited.id, "invited", ["email", "role"]),
      data("person.deleted", invited.id, "withdrawn", ["email", "role"]),
      data("company.created", companyId, "operator", ["name"]),
    ]);
    const sent = JSON.stringify(receiver.received);
    for (const { secret } of [app, rotated, hook, again]) expect(sent).not.toContain(secret.slice(-40));
    expect(sent).not.toMatch(/ada@example.com|Till|Harbour|cls_|whsec_/);
    expect(sent).not.toContain(invited.link.split("#")[1]);
    // Of these changes, readers may see the company only: the webhook without administrative kinds got no other.
    const usual = receiver.received.filter(({ path }) => path === "/hook");
    expect(usual.map(({ body }) => JSON.parse(body).type)).toEqual(["company.created"]);
  });

  test("cannot be subscribed to, redirected or read without ADMIN", async () => {
    const exceeded = { status: 403, body: { errorCode: "GRANT_EXCEEDED" } };
    const asked = await client.post("/v1/webhooks", { url: receiver.url, kinds: ["customer.*", ...kinds] });
    expect(asked).toMatchObject(exceeded);
    expect(Object.keys(asked.body.details.body)).toEqual(["kinds.1", "kinds.2", "kinds.3", "kinds.4"]);
    const { id } = await create({ kinds: ["customer.*"] });
    expect(await client.patch(`/v1/webhooks/${id}`, { kinds: ["person.created"] })).toMatchObject(exceeded);

    const admin = await withAdmin();
    const one = `/v1/webhooks/${id}`;
    expect((await admin.patch(one, { kinds: ["*", ...kinds] })).status).toBe(200);
    const otherUrl = await client.patch(one, { url: `${receiver.url}/mine` });
    const fewerKinds = await client.patch(one, { kinds: ["*"] });
    const rotated = await client.post(`${one}/rotate-secret`, undefined);
    for (const answer of [otherUrl, fewerKinds, rotated, await client.delete(one)])
      expect(answer).toMatchObject(exceeded);

    await admin.post("/v1/people", { email: "ada@example.com", role: "viewer" });
    await client.post(customers, {});
    await dispatch();
    const log = async (caller: Client) => (await caller.get(`${one}/deliveries`)).body;
    const [{ kind, id: hidden }] = (await log(admin)).data.slice(1);
    expect(kind).toBe("person.created");
    const seen = await log(client);
    expect([seen.total, seen.data.map((value: { kind: string }) => value.kind)]).toEqual([
      1,
      ["customer.created"],
    ]);
    const notFound = { status: 404, body: { errorCode: "DELIVERY_NOT_FOUND" } };
    expect(await client.get(`${one}/deliveries/${hidden}`)).toMatchObject(notFound);
    expect(await client.post(`${one}/deliveries/${hidden}/redeliver`, undefined)).toMatchObject(notFound);
    const range = { from: "2020-01-01" };
    expect((await client.post(`${one}/redeliver`, range)).body.data).toEqual({ redelivered: 1 });
    // The delivery stays hidden after the subscription to people ends.
    await admin.patch(one, { kinds: ["*"] });
    expect((await log(client)).total).toBe(1);
    expect((await client.patch(one, { description: "x" })).status).toBe(200);
    expect((await admin.post(`${one}/redeliver`, range)).body.data.redelivered).toBeGreaterThan(1);
    await dispatch();
  });
});

describe("an attempt", () => {
  const answers: [
    string,
    typeof receiver.answer,
    { status: number | null; answer?: string; error?: RegExp; key?: AttemptErrorKey },
  ][] = [
    [
      "an error",
      (_, it) => void it.writeHead(500).end("broken\0"),
      { status: 500, answer: "broken", error: /^$/ },
    ],
    [
      "a redirect, which is not followed",
      (_, it) => void it.writeHead(307, { location: receiver.url }).end(),
      { status: 307, answer: "" },
    ],
    ["a body without end", (_, it) => forever(it.writeHead(400)), { status: 400, answer: "x".repeat(2_048) }],
    ["a body that stops", (_, it) => void it.writeHead(400).write("begun"), { status: 400, answer: "begun" }],
    ["nothing", () => undefined, { status: null, key: "TIMED_OUT", error: /^No answer within \d/ }],
    ["a closed connection", (_, it) => void it.socket!.destroy(), { status: null, error: /hang up|closed/ }],
    [
      "no HTTP",
      (_, it) => void it.socket!.end("hello\r\n\r\n"),
      { status: null, key: "NETWORK_ERROR", error: /Parse Error/ },
    ],
    [
      "another protocol",
      (_, it) => void it.writeHead(101, { upgrade: "x", connection: "upgrade" }).end(),
      { status: null },
    ],
  ];

  test.each(answers)(
    "that is answered with %s is not the last",
    async (_, answer, { error, ...expected }) => {
      const webhook = await create();
      receiver.answer = answer;
      await client.post(`/v1/webhooks/${webhook.id}/test`, undefined);
      await dispatch();
      expect(receiver.received).toHaveLength(1);
      const [delivery] = (await logOf(webhook)).data;
      expect(delivery).toMatchObject({
        status: "pending",
        attemptCount: 1,
        lastAttempt: expected,
        finishedAt: null,
      });
      if (error) expect(delivery.lastAttempt.error).toMatch(error);
      expect(Date.parse(delivery.nextAttemptAt) - now.getTime()).toBe(5_000);
      expect((await fetched(webhook)).failingSince).toBe(delivery.lastAttempt.at);

      receiver.answer = (_, it) => void it.writeHead(200).end("ok");
      await after(5_000);
      await deliveries.run();
      const [first, second] = receiver.received.map(({ headers }) => headers["webhook-id"]);
      expect(second).toBe(first);
      const full = (await client.get(`/v1/webhooks/${webhook.id}/deliveries/${delivery.id}`)).body.data;
      expect(full).toMatchObject({
        status: "delivered",
        attemptCount: 2,
        nextAttemptAt: null,
        messageId: first,
      });
      expect(full.attempts.map(({ status }: { status: number }) => status)).toEqual([expected.status, 200]);
      expect(full.body).toBe(receiver.received[0]!.body);
      expect((await fetched(webhook)).failingSince).toBeNull();
    },
  );

  function forever(response: Parameters<typeof receiver.answer>[1]): void {
    const write = () => {
      while (!response.destroyed && response.write("x".repeat(1_000)));
      if (!response.destroyed) response.once("drain", write);
    };
    write();
  }

  test("that was stored before errors had keys keeps its text", async () => {
    const webhook = await create();
    await client.post(`/v1/webhooks/${webhook.id}/test`, undefined);
    await dispatch();
    await registry.database.admin.query(
      "update webhook_attempts set status = null, error = 'It failed.', error_key = null, error_params = null where webhook_id = $1",
      [webhook.id],
    );
    const [delivery] = (await logOf(webhook)).data;
    expect(delivery.lastAttempt).toMatchObject({ error: "It failed.", key: null, params: null });
  });

  test("honours Retry-After", async () => {
    const webhook = await create();
    receiver.answer = (_, it) => void it.writeHead(429, { "retry-after": "3600" }).end();
    await client.post(`/v1/webhooks/${webhook.id}/test`, undefined);
    await dispatch();
    await client.post(`/v1/webhooks/${webhook.id}/test`, undefined);
    await after(3_599_000);
    await dispatch();
    expect(receiver.received).toHaveLength(1);
    receiver.forget();
    await after(1_000);
    await dispatch();
    expect(receiver.received).toHaveLength(2);
    expect((await logOf(webhook, { status: "delivered" })).total).toBe(2);
  });

  test("that is answered with 410 stops the webhook until it is resumed", async () => {
    const webhook = await create();
    receiver.answer = (_, it) => void it.writeHead(410).end();
    const { id } = (await client.post(customers, {})).body.data;
    await dispatch();
    expect(await fetched(webhook)).toMatchObject({ isDisabled: true, isPaused: false, stopReason: "gone" });
    expect((await journalOf(registry, webhook.id)).at(-1)).toMatchObject({
      reason: "gone",
      before: { stopped: null },
      after: { stopped: "gone" },
    });
    receiver.forget();
    await client.patch(`${customers}/${id}`, named("Meanwhile"));
    await after(86_400_000);
    await dispatch();
    expect(receiver.received).toEqual([]);
    await client.patch(`/v1/webhooks/${webhook.id}`, { is_paused: false });
    await deliveries.run();
    expect(receiver.types()).toEqual(["customer.created", "customer.updated"]);
    expect(await fetched(webhook)).toMatchObject({ isDisabled: false, stopReason: null, failingSince: null });
  });
});

describe("deliveries", () => {
  test("wait while the webhook is paused, and are sent in order", async () => {
    const webhook = await create();
    await client.patch(`/v1/webhooks/${webhook.id}`, { is_paused: true });
    const { id } = (await client.post(customers, {})).body.data;
    for (const name of ["One", "Two"]) await client.patch(`${customers}/${id}`, named(name));
    await dispatch();
    expect(receiver.received).toEqual([]);
    await client.patch(`/v1/webhooks/${webhook.id}`, { is_paused: false });
    await deliveries.run();
    expect(receiver.data().map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  test("are sent again by id or by period, with the same message ids", async () => {
    const webhook = await create();
    const at: string[] = [];
    for (let number = 0; number < 4; number++) {
      at.push(now.toISOString());
      await client.post(customers, {});
      await dispatch();
      await after(60_000);
    }
    const ids = () => receiver.received.map(({ headers }) => headers["webhook-id"]);
    const all = ids();
    const [{ id }] = (await logOf(webhook)).data;
    receiver.forget();
    const redelivered = await client.post(`/v1/webhooks/${webhook.id}/deliveries/${id}/redeliver`, undefined);
    expect(redelivered.body.data).toMatchObject({ id, status: "pending", attemptCount: 1, finishedAt: null });
    await deliveries.run();
    expect(ids()).toEqual(all.slice(3));

    receiver.forget();
    const many = `/v1/webhooks/${webhook.id}/redeliver`;
    const range = { from: at[1], to: at[2] };
    expect((await client.post(many, { ...range, status: "failed" })).body.data).toEqual({ redelivered: 0 });
    expect((await client.post(many, range)).body.data).toEqual({ redelivered: 2 });
    await deliveries.run();
    expect(ids()).toEqual(all.slice(1, 3));
    expect((await logOf(webhook)).total).toBe(4);
    expect((await client.post(many, { from: "2026-02-31" })).body.details.body).toEqual({
      from: "is not a valid date or date-time",
    });
  });

  test("whose wake was lost with its service are found, once, and an endpoint without changes is not due", async () => {
    await create();
    await deliveries.run();
    await wakeForMissedChanges(registry.database.housekeeping, now);
    await deliveries.run();
    const { rows } = await registry.database.admin.query(
      "select distinct due_at as at from webhook_queue where enterprise = $1",
      [client.enterpriseId],
    );
    expect(rows).toEqual([{ at: Number.POSITIVE_INFINITY }]);
    expect(await wakeForMissedChanges(registry.database.housekeeping, now)).toBe(0);
    await client.post(customers, {});
    await deliveries.run();
    expect(receiver.received).toHaveLength(0);
    expect(await wakeForMissedChanges(registry.database.housekeeping, now)).toBe(1);
    expect(await wakeForMissedChanges(registry.database.housekeeping, now)).toBe(0);
    await deliveries.run();
    expect(receiver.types()).toEqual(["customer.created"]);
  });

  test("are deleted after 30 days once finished", async () => {
    const [over, waiting] = [await create(), await create()];
    await client.post(`/v1/webhooks/${over.id}/test`, undefined);
    await dispatch();
    await client.patch(`/v1/webhooks/${waiting.id}`, { is_paused: true });
    await client.post(`/v1/webhooks/${waiting.id}/test`, undefined);
    const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
    const purged = (date: Date) => purge(registry.database, deliveryPurge, date);
    await purged(days(29));
    expect((await logOf(over)).total).toBe(1);
    await purged(days(30));
    expect((await logOf(over)).total).toBe(0);
    expect((await logOf(waiting)).total).toBe(1);
  });
});

test("a receiver that fails for five days is stopped, and no change is lost", async () => {
  const webhook = await create();
  receiver.answer = (_, it) => void it.writeHead(500).end();
  for (let day = 0; day <= 5; day++) {
    await client.post(customers, {});
    await dispatch();
    await after(86_400_000);
  }
  expect(await fetched(webhook)).toMatchObject({ isPaused: true, isDisabled: false, stopReason: "failing" });
  const updates = (await journalOf(registry, webhook.id)).filter(({ kind }) => kind === "updated");
  expect(updates).toMatchObject([{ reason: "failing", after: { stopped: "failing" } }]);
  receiver.forget();
  await client.post(customers, {});
  await dispatch();
  expect(receiver.received).toEqual([]);
  await client.patch(`/v1/webhooks/${webhook.id}`, { is_paused: false });
  await deliveries.run();
  expect(receiver.received).toHaveLength(7);
});
