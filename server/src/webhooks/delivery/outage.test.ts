import { beforeEach, expect, test } from "vitest";
import { sabotage } from "../../testing/sabotage.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { deliveriesOf } from "../../testing/webhooks.ts";
import { delaysMs } from "./schedule.ts";
import type { Request, Send } from "./send.ts";

const began = new Date("2030-01-15T09:00:00Z");
const hourMs = 3_600_000;
let now = began;
const registry = startApp({ clock: () => now });

type Message = { id: string; customerId: string; version: number; atMs: number };

/** A receiver that the network is not needed for. */
let received: Message[] = [];
let isDown = (_: Request): boolean => false;
const send: Send = async (request) => {
  const { data } = JSON.parse(request.body);
  const id = request.headers["webhook-id"]!;
  received.push({ id, customerId: data.id, version: data.version, atMs: now.getTime() - began.getTime() });
  return isDown(request)
    ? { status: null, answer: "", error: { key: "UNREACHABLE", params: {} }, retryAfter: undefined }
    : { status: 204, answer: "", error: null, retryAfter: undefined };
};
let seed = 1;
const random = () => {
  seed = (seed * 16_807) % 2_147_483_647;
  return seed / 2_147_483_647;
};
const deliveries = deliveriesOf(registry, () => now, { send, random });

let client: Client;
beforeEach(async () => {
  now = began;
  received = [];
  isDown = () => false;
  await registry.database.admin.query("delete from webhook_queue");
  client = await registry.client();
});

const customers = "/v1/enterprise-customers";
const create = async (url = "https://hooks.example.com/"): Promise<string> =>
  (await client.post("/v1/webhooks", { url })).body.data.id;

/** Changes of customers: each is created, then changed in turns with the others. */
async function change(customerCount: number, changesEach: number, name = "C"): Promise<void> {
  const rows = (round: number) =>
    Array.from({ length: customerCount }, (_, number) => ({
      external_id: `${name} ${number}`,
      customfields: [{ id: "lastName", value: `${round}` }],
    }));
  for (let round = 0; round < changesEach; round++) {
    const body = { customers: rows(round), match_on: ["external_id"] };
    expect((await client.post(`${customers}/import`, body)).body.data).toMatchObject({
      failed: 0,
      unchanged: 0,
    });
  }
}

/**
 * Lets the clock run to each time at which a delivery is due, until then. The clock of a worker that is late jumps by
 * a part of what has gone by.
 */
async function runUntil(endMs: number, late = 0): Promise<void> {
  for (;;) {
    await deliveries.wake();
    await deliveries.run();
    const { rows } = await registry.database.admin.query<{ next: Date | null }>(
      "select min(due_at) as next from webhook_deliveries where status = 'pending'",
    );
    const { next } = rows[0]!;
    if (next === null || next.getTime() > began.getTime() + endMs) return;
    const jumpMs = late * (now.getTime() - began.getTime());
    now = new Date(Math.min(Math.max(next.getTime(), now.getTime() + jumpMs), began.getTime() + endMs));
  }
}

const statuses = async (webhookId: string): Promise<Record<string, number>> => {
  const { rows } = await registry.database.admin.query<{ status: string; count: string }>(
    "select status, count(*) from webhook_deliveries where webhook_id = $1 group by 1",
    [webhookId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
};

function firstOf(messages: readonly Message[]): Message[] {
  const known = new Set<string>();
  return messages.filter(({ id }) => !known.has(id) && known.add(id));
}

function expectInOrder(messages: readonly Message[]): void {
  const versions = new Map<string, number>();
  for (const { customerId, version } of messages) {
    expect(version).toBe((versions.get(customerId) ?? 0) + 1);
    versions.set(customerId, version);
  }
}

test("a receiver that is down for the whole schedule gets all 1,000 changes when it is back", async () => {
  const webhookId = await create();
  await change(100, 10);
  // The last try but one of each is over, the last one is to come.
  const backAtMs = 75 * hourMs + 35 * 60_000;
  isDown = () => now.getTime() < began.getTime() + backAtMs;
  await runUntil(backAtMs - 1, 0.05);
  expect(await statuses(webhookId)).toEqual({ pending: 1_000 });
  const tried = received.length;
  expect(tried).toBe(1_000 * delaysMs.length);
  expect(firstOf(received)).toHaveLength(1_000);
  expectInOrder(firstOf(received));

  received = [];
  await runUntil(100 * hourMs, 0.05);
  expect(await statuses(webhookId)).toEqual({ delivered: 1_000 });
  expect(new Set(received.map(({ id }) => id)).size).toBe(1_000);
  expect(received).toHaveLength(1_000);
  for (const { atMs } of received) expect(atMs).toBeGreaterThanOrEqual(backAtMs);
}, 600_000);

test("a delivery that fails its last attempt can be sent again", async () => {
  const webhookId = await create();
  await change(3, 1);
  isDown = () => true;
  await runUntil(100 * hourMs);
  expect(await statuses(webhookId)).toEqual({ failed: 3 });
  const times = received.filter(({ id }) => id === received[0]!.id).map(({ atMs }) => atMs);
  expect(times).toHaveLength(delaysMs.length + 1);
  for (const [index, delayMs] of delaysMs.entries()) {
    const waitedMs = times[index + 1]! - times[index]!;
    expect(waitedMs).toBeGreaterThanOrEqual(delayMs);
    expect(waitedMs).toBeLessThanOrEqual(delayMs * 1.1);
  }
  const ids = new Set(received.map(({ id }) => id));
  isDown = () => false;
  received = [];
  client = await registry.client({ enterpriseId: client.enterpriseId });
  const again = await client.post(`/v1/webhooks/${webhookId}/redeliver`, { from: "2030-01-15" });
  expect(again.body.data).toEqual({ redelivered: 3 });
  await deliveries.run();
  expect(await statuses(webhookId)).toEqual({ delivered: 3 });
  expect(new Set(received.map(({ id }) => id))).toEqual(ids);
});

test("a receiver that is down does not delay another", async () => {
  const dead = await create("https://dead.example.com/");
  const alive = await create("https://alive.example.com/");
  isDown = ({ url }) => url.includes("dead");
  await change(50, 1);
  await deliveries.wake();
  await deliveries.run();
  expect(await statuses(alive)).toEqual({ delivered: 50 });
  expect(await statuses(dead)).toEqual({ pending: 50 });
});

test("a process killed at any step delivers every change, in order, and at most 16 twice", async () => {
  const fault = sabotage(registry.database.service);
  const webhookId = await create();
  const { rows: made } = await registry.database.admin.query("select leased_until from webhook_queue");
  expect(made).toHaveLength(1);
  let kills = 0;
  let changes = 0;
  for (let at = 0, isOver = false; !isOver; at++) {
    for (const how of ["cut before", "cut after"] as const) {
      await change(2, 2, `${at} ${how}`);
      changes += 4;
      await deliveries.wake();
      fault.set({ fault: how, at, attempts: "first" });
      isOver = await deliveries.run().then(
        () => true,
        () => false,
      );
      kills += fault.happened;
      fault.set(null);
      // The killed one's lease runs out.
      await registry.database.admin.query(
        "update webhook_queue set leased_until = '-infinity' where holder is not null",
      );
    }
  }
  await deliveries.run();
  expect(kills).toBeGreaterThan(20);
  expect(await statuses(webhookId)).toEqual({ delivered: changes });
  const first = firstOf(received);
  expect(first).toHaveLength(changes);
  expectInOrder(first);
  expect(received.length - changes).toBeLessThanOrEqual(16 * kills);
}, 600_000);
