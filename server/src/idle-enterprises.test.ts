import { setImmediate as turn } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from "vitest";
import { startBackgroundJobs } from "./background-jobs.ts";
import { defaultFields } from "./custom-fields/default-fields.ts";
import { openLeaseQueue } from "./jobs/lease-queue.ts";
import { openLog } from "./logging/log.ts";
import { startPeriodicJobs } from "./periodic-jobs.ts";
import { type Tapped, tap } from "./testing/statement-tap.ts";
import { openTestDatabase, type TestDatabase } from "./testing/test-database.ts";
import { countUsage } from "./usage/usage-counter.ts";
import { endpointQueue } from "./webhooks/delivery/endpoint-queue.ts";
import type { DeliveryContext } from "./webhooks/delivery/process-endpoint.ts";

const log = openLog("silent");
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const enterprises = 1_000 * inject("random").scale;

let database: TestDatabase;
const sent: { pool: string; text: string }[] = [];
const taken: Tapped[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
  for (const pool of ["service", "operator", "housekeeping", "people"] as const) {
    tap(database[pool], ({ statements }) => {
      for (const { text } of statements) sent.push({ pool, text });
      taken.push(...statements.filter(({ text }) => text.startsWith("update webhook_queue")));
    });
  }
  // Each with an app and an endpoint that has received every change.
  await database.admin.query(
    `insert into enterprises (key, id, name, default_field_ids, created_at, updated_at)
       select n, id_of_text(lpad(to_hex(n), 24, '0')), 'Test', $2::text[], now(), now() from generate_series(1, $1::integer) n`,
    [enterprises, defaultFields.map(({ defaultId }) => defaultId)],
  );
  const columns = "enterprise_id, id";
  for (const text of [
    "insert into positions (enterprise_id, number) select key, 100 from enterprises",
    `insert into apps (${columns}, name, secret_hash, created_at) select key, id, 'Test', '', now() from enterprises`,
    `insert into webhooks (${columns}, url, description, kinds, secret, position, last_due_at, created_at, updated_at)
       select key, id, '', '', '{}', '', '{}', now(), now(), now() from enterprises`,
    `insert into webhook_queue (enterprise, webhook, due_at, journal_number)
       select key, id, 'infinity', 100 from enterprises`,
    "analyze",
  ])
    await database.admin.query(text);
});
afterAll(() => database.close());
afterEach(() => {
  vi.useRealTimers();
});

/** Waits until no job uses a connection. */
async function settle(): Promise<void> {
  const pools = [database.service, database.operator, database.housekeeping, database.people];
  for (let idleTurns = 0; idleTurns < 20; idleTurns++) {
    await turn();
    if (pools.some(({ connections }) => connections.used + connections.pending > 0)) idleTurns = 0;
  }
}

/** The statements that all loops send within a simulated period. */
async function sentWithin(ms: number, stepMs: number): Promise<typeof sent> {
  sent.length = 0;
  for (let elapsed = 0; elapsed < ms; elapsed += stepMs) {
    vi.advanceTimersByTime(stepMs);
    await settle();
  }
  return [...sent];
}

test("idle enterprises cost no statement: all loops together send 50 a minute for any number of them", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const usage = countUsage(() => new Date());
  const periodic = startPeriodicJobs({ pools: database, usage, journalDays: 365, log });
  const background = startBackgroundJobs({
    pools: database,
    log,
    isAlone: true,
    delivery: { keys: [], send: () => expect.unreachable("Nothing is sent.") },
  });
  await settle();
  // The queues have found that they are idle.
  await sentWithin(minuteMs, 1_000);
  const idle = await sentWithin(minuteMs, 1_000);
  expect(idle.length).toBeGreaterThan(10);
  expect(idle.length).toBeLessThanOrEqual(50);
  expect(idle.filter(({ pool }) => pool === "service")).toEqual([]);

  // Every kind of purge runs within an hour.
  const hourly = await sentWithin(hourMs, 30_000);
  expect(hourly.filter(({ text }) => text.includes("delete from idempotency_keys"))).toHaveLength(1);
  expect(hourly.length).toBeLessThanOrEqual(50 * 60);
  expect(hourly.filter(({ text }) => text.includes("set_config('clientele.enterprise_id'"))).toEqual([]);

  await background.stop();
  for (const stop of Object.values(periodic)) await stop();
});

test("polling an idle queue of 20,000 endpoints reads its index, with fresh and with old statistics", async () => {
  const { admin, operator } = database;
  const context = { clock: () => new Date() } as DeliveryContext;
  const queue = openLeaseQueue(operator, endpointQueue(context));
  for (const isAnalyzed of [false, true]) {
    await admin.query("truncate webhook_queue");
    if (!isAnalyzed) await admin.query("analyze webhook_queue");
    await admin.query(
      `insert into webhook_queue (enterprise, webhook, due_at, is_failing)
         select n, id_of_text(lpad(to_hex(n), 24, '0')), now() + interval '1 hour', n % 2 = 0
         from generate_series(1, 20000) n`,
    );
    if (isAnalyzed) await admin.query("analyze webhook_queue");
    taken.length = 0;
    for (const lane of ["healthy", "failing"] as const) expect(await queue.take(lane, 48)).toEqual([]);
    expect(taken).toHaveLength(2);
    for (const { text, values } of taken) {
      const { rows } = await admin.query(`explain (analyze, buffers, format json) ${text}`, [...values]);
      const [{ Plan: plan }] = rows[0]["QUERY PLAN"];
      expect(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]).toBeLessThan(30);
    }
  }
});
