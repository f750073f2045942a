import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startApp } from "../testing/start-app.ts";

const app = startApp();

/** The modules as another process or thread loads them. */
async function load() {
  vi.resetModules();
  const [{ named, sql }, { sendBatch }] = [await import("./sql.ts"), await import("./batch.ts")];
  return { named, sql, sendBatch };
}

let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: app.database.url });
  await client.connect();
  await client.query("create temporary table notes (text text)");
  await client.query("insert into notes values ('a note')");
});
afterAll(() => client.end());

test("two processes on one server connection run only their own statements", async () => {
  const [one, other] = [await load(), await load()];
  const read = async () => (await one.sendBatch(client, [one.named(one.sql`select ${"a note"}::text`)]))[0];
  const remove = async () =>
    (await other.sendBatch(client, [other.named(other.sql`delete from notes where text = ${"a note"}`)]))[0];
  expect((await read())?.tag).toBe("SELECT 1");
  // A process that finds its name taken replaces the statement and tries again.
  await remove().catch(remove);
  expect((await read())?.tag).toBe("SELECT 1");
});

test("a statement has the same name in every process", async () => {
  const [one, other] = [await load(), await load()];
  other.named(other.sql`select 1`);
  const name = one.named(one.sql`select ${"x"}::text`).name;
  expect(name).toMatch(/^c_[0-9a-f]{16}$/);
  expect(other.named(other.sql`select ${"y"}::text`).name).toBe(name);
});
