import { beforeEach, expect, test } from "vitest";
import { enterpriseKeyOf } from "../database/id-codec.ts";
import { idempotencyKeyPurge } from "../http/idempotency/purge.ts";
import { importPurge } from "../imports/job/purge.ts";
import { startApp } from "../testing/start-app.ts";
import { tap } from "../testing/statement-tap.ts";
import { deliveryPurge } from "../webhooks/delivery/purge.ts";
import { purge } from "./purge.ts";

const app = startApp();
const now = new Date("2030-01-15T09:00:00Z");
const count = 200;

/** Texts of statements sent across enterprises, and inside one. */
const sent = { housekeeping: [] as string[], operator: [] as string[] };
let isTapped = false;
beforeEach(async () => {
  const { admin, housekeeping, operator } = app.database;
  await admin.query("truncate enterprises cascade");
  await admin.query(
    `insert into enterprises (key, id, name, created_at, updated_at)
     select n, id_of_text(lpad(to_hex(n), 24, '0')), 'Test', now(), now() from generate_series(1, $1) n`,
    [count],
  );
  if (!isTapped) {
    tap(housekeeping, ({ statements }) => sent.housekeeping.push(...statements.map(({ text }) => text)));
    tap(operator, ({ statements }) => sent.operator.push(...statements.map(({ text }) => text)));
    isTapped = true;
  }
  sent.housekeeping.length = 0;
  sent.operator.length = 0;
});

/** Keys of every enterprise, of these hours before now. */
const insertKeys = (...hours: number[]) =>
  app.database.admin.query(
    `insert into idempotency_keys (enterprise_id, caller_id, key, fingerprint, status, body, created_at)
     select key, '0123456789abcdef0123456700000000', hours::text, '', 201, '', $1::timestamptz - make_interval(hours => hours)
     from enterprises, unnest($2::integer[]) hours`,
    [now, hours],
  );
const remaining = async (table: string, condition = "true") =>
  (await app.database.admin.query(`select count(*)::integer as count from ${table} where ${condition}`))
    .rows[0].count;

test("a purge deletes the expired rows of all enterprises in a few statements, and no others", async () => {
  await insertKeys(23, 25, 30);
  expect(await purge(app.database, idempotencyKeyPurge, now)).toBe(2 * count);
  expect(await remaining("idempotency_keys")).toBe(count);
  expect(await remaining("idempotency_keys", "key = '23'")).toBe(count);
  expect(sent.housekeeping.length).toBeLessThanOrEqual(2);
  expect(sent.operator).toEqual([]);
});

test("a purge deletes more rows than fit in one part, each part in its own statement", async () => {
  await insertKeys(...Array.from({ length: 60 }, (_, index) => 25 + index));
  expect(await purge(app.database, idempotencyKeyPurge, now)).toBe(60 * count);
  expect(sent.housekeeping).toHaveLength(4);
});

test("finished deliveries of all enterprises are deleted together, with their attempts", async () => {
  const { admin } = app.database;
  const createdAt = new Date(now.getTime() - 31 * 86_400_000);
  await admin.query(
    `insert into webhooks (enterprise_id, id, url, description, kinds, secret, position, last_due_at, created_at, updated_at)
     select key, id, '', '', '{}', '', '{}', $1, $1, $1 from enterprises`,
    [createdAt],
  );
  await admin.query(
    `insert into webhook_deliveries
       (enterprise_id, webhook_id, id, ordinal, message_id, kind, subject_id, body, status, due_at, created_at)
     select w.enterprise_id, w.id, id_of_text(lpad(ordinal::text, 24, '0')), ordinal, ordinal::text, 'test', w.id, '', status, $1, $1
     from webhooks w, unnest(array['pending', 'delivered', 'failed']) with ordinality as s(status, ordinal)`,
    [createdAt],
  );
  await admin.query(
    `insert into webhook_attempts (enterprise_id, webhook_id, delivery_id, attempt, at, duration_ms, answer, error)
     select enterprise_id, webhook_id, id, 1, $1, 1, '', '' from webhook_deliveries`,
    [createdAt],
  );
  expect(await purge(app.database, deliveryPurge, now)).toBe(2 * count);
  expect(await remaining("webhook_deliveries")).toBe(count);
  expect(await remaining("webhook_deliveries", "status = 'pending'")).toBe(count);
  expect(await remaining("webhook_attempts")).toBe(count);
  expect(sent.housekeeping.length).toBeLessThanOrEqual(2);
});

test("a purge of imports enters only the enterprises that have something to delete", async () => {
  const { admin } = app.database;
  const [due, other] = [1, 2].map((number) => number.toString(16).padStart(24, "0"));
  const insert = (enterpriseId: string | undefined, createdAt: string) =>
    admin.query(
      `insert into import_files (enterprise_id, id, type, created_at)
       values ($1, '0123456789abcdef0123456700000000', 'csv', $2)`,
      [enterpriseId, createdAt],
    );
  await insert(due, "2030-01-13T09:00:00Z");
  await insert(other, "2030-01-15T08:00:00Z");
  expect(await purge(app.database, importPurge, now)).toBe(1);
  const entering = sent.operator.filter((text) => text.includes("clientele.enterprise_id"));
  expect(entering).toHaveLength(1);
  expect((await admin.query("select enterprise_id as key from import_files")).rows).toEqual([
    { key: String(enterpriseKeyOf(other!)) },
  ]);
});

test("two processes that purge at once delete each row once", async () => {
  await insertKeys(...Array.from({ length: 60 }, (_, index) => 25 + index));
  const deleted = await Promise.all([1, 2].map(() => purge(app.database, idempotencyKeyPurge, now)));
  expect(deleted.reduce((sum, one) => sum + one, 0)).toBe(60 * count);
  expect(await remaining("idempotency_keys")).toBe(0);
});
