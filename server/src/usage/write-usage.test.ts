import { beforeEach, expect, test } from "vitest";
import type { Caller } from "../database/as-enterprise.ts";
import { openPools } from "../database/pools.ts";
import { startApp } from "../testing/start-app.ts";
import { tap } from "../testing/statement-tap.ts";
import { countUsage } from "./usage-counter.ts";
import { writeUsage } from "./write-usage.ts";

const app = startApp();
const now = new Date("2030-01-15T09:00:00Z");
const count = 500;
const idOf = (number: number) => number.toString(16).padStart(24, "0");

beforeEach(async () => {
  const { admin } = app.database;
  await admin.query("truncate enterprises cascade");
  await admin.query(
    `insert into enterprises (key, id, name, created_at, updated_at)
     select n, id_of_text(lpad(to_hex(n), 24, '0')), 'Test', now(), now() from generate_series(1, $1) n`,
    [count],
  );
  await admin.query(
    `insert into apps (enterprise_id, id, name, secret_hash, created_at) select key, id, 'Test', '', now() from enterprises`,
  );
});

const appOf = (number: number): Caller => ({
  kind: "app",
  enterpriseId: idOf(number),
  id: idOf(number),
  secretVersion: 1,
  companyId: null,
  scope: "READ",
});
const failed = (error: unknown) => expect.unreachable(String(error));
const written = async () => {
  const { rows } = await app.database.admin.query(
    `select count(*)::integer as callers, sum(requests)::integer as requests, sum(refused)::integer as refused,
       sum(failed)::integer as failed from usage`,
  );
  return rows[0];
};

test("the usage of 500 enterprises is written in one round trip of two statements", async () => {
  const counter = countUsage(() => now);
  for (let number = 1; number <= count; number++) {
    counter.count(appOf(number), 200);
    counter.count(appOf(number), 404);
    counter.count(appOf(number), 500);
  }
  const trips: number[] = [];
  tap(app.database.housekeeping, ({ statements }) => trips.push(statements.length));
  await writeUsage(app.database.housekeeping, counter, failed);
  expect(trips).toEqual([2]);
  expect(await written()).toEqual({ callers: count, requests: 3 * count, refused: count, failed: count });
  const { rows } = await app.database.admin.query("select distinct last_used_at as at from apps");
  expect(rows).toEqual([{ at: now }]);
  await writeUsage(app.database.housekeeping, counter, failed);
  expect(trips).toHaveLength(1);
});

test("two processes that write the same callers at once count each request once", async () => {
  const { connection } = app.database;
  const other = openPools(connection, { service: 1, operator: 1 }, () => undefined);
  try {
    const processes = [app.database.housekeeping, other.housekeeping].map((housekeeping) => ({
      housekeeping,
      counter: countUsage(() => now),
    }));
    const rounds = 10;
    await Promise.all(
      processes.map(async ({ housekeeping, counter }, index) => {
        for (let round = 0; round < rounds; round++) {
          // In opposite orders: the statement sorts them.
          for (let number = 1; number <= count; number++)
            counter.count(appOf(index === 0 ? number : count + 1 - number), 200);
          await writeUsage(housekeeping, counter, failed);
        }
      }),
    );
    expect(await written()).toMatchObject({ callers: count, requests: 2 * rounds * count });
  } finally {
    await other.close();
  }
});

test("an unknown enterprise does not hold up the others", async () => {
  const counter = countUsage(() => now);
  counter.count(appOf(1), 200);
  counter.count(appOf(count + 1), 200);
  await writeUsage(app.database.housekeeping, counter, failed);
  expect(await written()).toMatchObject({ callers: 1, requests: 1 });
  expect(counter.take()).toEqual([]);
});

test("counts that come after the deadline return to the counter", async () => {
  const counter = countUsage(() => now);
  counter.count(appOf(1), 200);
  const late = new AbortController();
  late.abort();
  await writeUsage(app.database.housekeeping, counter, failed, late.signal);
  expect(await written()).toMatchObject({ callers: 0 });
  await writeUsage(app.database.housekeeping, counter, failed);
  expect(await written()).toMatchObject({ callers: 1, requests: 1 });
});
