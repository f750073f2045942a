import { expect, test } from "vitest";
import { idempotencyKeyPurge } from "../http/idempotency/purge.ts";
import { startApp } from "../testing/start-app.ts";
import { type EnterprisePurge, purge } from "./purge.ts";

const app = startApp();

test("a purge enters only the enterprises that have expired rows, and deletes nothing of the others", async () => {
  const enterprises = [];
  for (let count = 0; count < 5; count++) enterprises.push(await app.client());
  const [idle, expired, recent, alsoExpired] = enterprises.map(({ enterpriseId }) => enterpriseId);
  const now = new Date("2030-01-15T09:00:00Z");
  const insert = (enterpriseId: string | undefined, createdAt: string) =>
    app.database.admin.query(
      `insert into idempotency_keys (enterprise_id, caller_id, key, fingerprint, status, body, created_at)
       values ($1, '0123456789abcdef01234567', 'key', '', 201, '', $2)`,
      [enterpriseId, createdAt],
    );
  await insert(expired, "2030-01-13T09:00:00Z");
  await insert(alsoExpired, "2030-01-13T09:00:00Z");
  await insert(recent, "2030-01-15T08:00:00Z");

  const entered: string[] = [];
  const observed: EnterprisePurge = {
    ...idempotencyKeyPurge,
    deletePart(database, at) {
      entered.push(database.enterpriseId);
      return idempotencyKeyPurge.deletePart(database, at);
    },
  };
  expect(await purge(app.database.operator, observed, now)).toBe(2);
  expect(new Set(entered)).toEqual(new Set([expired, alsoExpired]));
  expect(entered).not.toContain(idle);
  const { rows } = await app.database.admin.query("select enterprise_id as id from idempotency_keys");
  expect(rows).toEqual([{ id: recent }]);
});
