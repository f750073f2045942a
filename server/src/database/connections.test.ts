import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createApp as createService } from "../app.ts";
import { createApp as addApp } from "../apps/provision.ts";
import { createEnterprise } from "../enterprises/operations.ts";
import { newPoolUrl, type PoolUrl } from "../testing/pool-url.ts";
import { type Pooler, startPooler } from "../testing/pooler.ts";
import { startApp } from "../testing/start-app.ts";
import { ConnectionMismatch } from "./connection-mismatch.ts";
import { type Database, type DatabasePlace, openDatabase } from "./open.ts";
import { driverOf } from "./pools.ts";
import { sql } from "./sql.ts";
import { verifyConnection } from "./verify-connection.ts";

const registry = startApp();
const log: [string, unknown][] = [];

let pool: PoolUrl;
beforeAll(() => {
  pool = newPoolUrl(registry.database);
});
afterAll(() => pool.dropLogins());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(place: DatabasePlace) {
  const database = await openDatabase({ place, log: (event, facts) => log.push([event, facts]) });
  closing.push(() => database.close());
  return database;
}

async function pooler(options: "refused" | "ignored"): Promise<Pooler> {
  const started = await startPooler(registry.database.url, options);
  closing.push(() => started.close());
  return started;
}

/** Serves the database and sends two requests that write and read. */
async function serve(place: DatabasePlace): Promise<void> {
  const database = await open(place);
  const app = await createService({ database });
  closing.push(() => app.close());
  const enterpriseId = await createEnterprise(database.operator, "Pooled", new Date());
  const { appId: appid, appSecret: appsecret } = await addApp(
    database.operator,
    enterpriseId,
    { name: "App" },
    new Date(),
  );
  const granted = await app.inject({ method: "POST", url: "/v1/auth/token", payload: { appid, appsecret } });
  const headers = { authorization: `Bearer ${granted.json().accessToken}` };
  const customers = "/v1/enterprise-customers";
  for (let n = 1; n <= 5; n++) {
    const made = await app.inject({
      method: "POST",
      url: customers,
      headers,
      payload: { external_id: `${n}` },
    });
    expect(made.statusCode).toBe(201);
    const listed = await app.inject({ method: "GET", url: customers, headers });
    expect(listed.json()).toMatchObject({ total: n });
  }
}

describe("a pooler", () => {
  test("that refuses startup options stops the start", async () => {
    const { url } = await pooler("refused");
    await expect(open({ url: url(registry.database.url) })).rejects.toThrow(
      "The database at DATABASE_URL is behind a connection pooler that refuses startup options: connect without it, or set DATABASE_POOL_URL to its address and DATABASE_URL to that of the database itself.",
    );
  });

  test("that ignores startup options stops the start, whether or not row-level security restricts the owner", async () => {
    const { url } = await pooler("ignored");
    const { rows } = await registry.database.admin.query("select current_user as name");
    const owners = [new URL(registry.database.url).username, rows[0].name];
    for (const owner of owners) {
      const address = new URL(registry.database.url);
      address.username = owner;
      const opened = open({ url: url(address.href) });
      await expect(opened).rejects.toThrow(ConnectionMismatch);
      await expect(opened).rejects.toThrow(
        `Connections of ${owner} to the database at DATABASE_URL have the role ${owner} instead of clientele_service, search_path "$user", public instead of clientele, `,
      );
      await expect(opened).rejects.toThrow(
        "a connection pooler ignores startup options, so connect without it, or",
      );
    }
  });

  test("serves a login for each role, which the start creates with its settings", async () => {
    const { url } = await pooler("ignored");
    await serve({ url: url(registry.database.url), poolUrl: url(pool.url) });
    const { rows } = await registry.database.admin.query(
      `select r.rolname as login, s.setconfig as settings from pg_db_role_setting s
         join pg_database d on d.oid = s.setdatabase join pg_roles r on r.oid = s.setrole
       where d.datname = current_database() and r.rolname = any($1) order by 1`,
      [pool.users],
    );
    expect(rows.map(({ login }) => login)).toEqual(pool.users.toSorted());
    expect(rows.at(-1).settings.toSorted()).toEqual([
      "TimeZone=UTC",
      "enable_seqscan=off",
      "idle_in_transaction_session_timeout=30s",
      "jit=off",
      "lock_timeout=5s",
      "random_page_cost=1.1",
      "role=clientele_service",
      "search_path=clientele",
      "statement_timeout=15s",
      "work_mem=64MB",
    ]);
  });

  test("that does not map the names of prepared statements gets none", async () => {
    const { url } = await pooler("ignored");
    const pooled = await open({ url: registry.database.url, poolUrl: url(pool.url) });
    const prepared = sql<{
      name: string;
    }>`select name from pg_prepared_statements where name ~ '^c_[0-9a-f]{16}$'`;
    expect(await pooled.service.many(prepared)).toEqual([]);
    expect(await pooled.service.many(prepared)).toEqual([]);
    expect(await registry.database.service.many(prepared)).not.toEqual([]);
  });
});

test("an address of a pooler that cannot be used is named by its variable", async () => {
  const { url } = registry.database;
  const poolUrl = new URL(pool.url);
  poolUrl.pathname = "/clientele_test_missing";
  await expect(open({ url, poolUrl: poolUrl.href })).rejects.toThrow(
    "The database at DATABASE_POOL_URL cannot be used: there is no such database on the server.",
  );
  poolUrl.username = "";
  await expect(open({ url, poolUrl: poolUrl.href })).rejects.toThrow("DATABASE_POOL_URL names no user");
});

describe("a new connection of the running service", () => {
  const customers = "/v1/enterprise-customers";
  const serviceLogin = () => pool.users[0];
  const disconnect = async ({ service }: Database) => {
    while (service.connections.idle > 0) (await driverOf(service).connect()).release(true);
  };

  test("is never used if its settings differ", async () => {
    const database = await open({ url: registry.database.url, poolUrl: pool.url });
    const app = await createService({ database });
    closing.push(() => app.close());
    const { token } = await registry.client();
    const list = () =>
      app.inject({ method: "GET", url: customers, headers: { authorization: `Bearer ${token}` } });
    expect((await list()).statusCode).toBe(200);
    const set = (timeout: string) =>
      registry.database.admin.query(
        `alter role ${serviceLogin()} in database ${registry.database.admin.database} set statement_timeout = '${timeout}'`,
      );
    await set("1h");
    await disconnect(database);
    log.length = 0;
    await expect(driverOf(database.service).connect()).rejects.toThrow(
      /have statement_timeout 1h instead of 15s: run "alter role \w+ in database \w+ set statement_timeout = '15s'" and let a connection pooler reconnect\.$/,
    );
    expect(log.map(([event]) => event)).toContain("database.connection_refused");
    const refused = await list();
    expect([refused.statusCode, refused.json().errorCode]).toEqual([503, "DATABASE_UNAVAILABLE"]);
    await set("15s");
    expect((await list()).statusCode).toBe(200);
  });
});

test("a connection with a role that row-level security does not restrict is refused", async () => {
  const { admin } = registry.database;
  const { rows } = await admin.query("select current_user as role");
  const expected = { role: rows[0].role, place: "the database", isLogin: true };
  await expect(verifyConnection(admin, expected, 5_000)).rejects.toThrow(
    `have the role ${expected.role}, which row-level security does not restrict: run "alter role ${expected.role} nosuperuser nobypassrls".`,
  );
});

test("a database that is read-only stops the start", async () => {
  const { admin, url } = registry.database;
  const name = new URL(url).pathname.slice(1);
  await admin.query(`alter database ${name} set default_transaction_read_only = on`);
  closing.push(() => admin.query(`alter database ${name} reset default_transaction_read_only`));
  await expect(open({ url })).rejects.toThrow(
    "The database is read-only, as on a standby: name the address of the primary in DATABASE_URL.",
  );
});

test("startup options in an address are added to those of the service", async () => {
  const address = new URL(registry.database.url);
  address.searchParams.set("options", "-c temp_buffers=2MB");
  const { service } = await open({ url: address.href });
  expect(
    await service.one(sql`select current_user as role, current_setting('temp_buffers') as temp_buffers`),
  ).toEqual({ role: "clientele_service", temp_buffers: "2MB" });
});
