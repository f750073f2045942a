import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createApp as createService } from "../app.ts";
import { createApp as addApp } from "../apps/provision.ts";
import { createEnterprise } from "../enterprises/operations.ts";
import { importQueue } from "../imports/run/import-queue.ts";
import { openAccounts } from "../people/accounts.ts";
import { createSetUpToken } from "../people/set-up.ts";
import { pgbouncer, startPgbouncer } from "../testing/pgbouncer.ts";
import { newPoolUrl, type PoolUrl } from "../testing/pool-url.ts";
import { runQueue } from "../testing/run-queue.ts";
import { startApp } from "../testing/start-app.ts";
import { dropDatabase } from "../testing/test-database.ts";
import { type Database, openDatabase } from "./open.ts";
import { sql } from "./sql.ts";

const registry = startApp();
const silent = () => undefined;
const fail = (error: unknown) => {
  throw error;
};
const publicUrl = "https://clientele.example.com";
const database = `clientele_test_empty_${process.pid}`;
const mapped = sql<{ name: string }>`select name from pg_prepared_statements order by 1`;

describe.skipIf(pgbouncer === undefined)(
  `PgBouncer in transaction mode${pgbouncer === undefined ? " (skipped: it is not installed)" : ""}`,
  () => {
    let pool: PoolUrl;
    let urls: string[];
    const ofEmpty = (url: string) => {
      const address = new URL(url);
      address.pathname = `/${database}`;
      return address.href;
    };
    const closing: (() => Promise<unknown>)[] = [];
    const start = async (settings?: Record<string, string>) => {
      const pooler = await startPgbouncer(pgbouncer ?? "", urls, settings);
      closing.push(() => pooler.close());
      return pooler;
    };
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });
    beforeAll(async () => {
      pool = newPoolUrl(registry.database);
      const users = pool.users.map((user) => {
        const address = new URL(pool.url);
        address.username = user;
        return address.href;
      });
      urls = [registry.database.url, ...users];
      const owner = new URL(registry.database.url).username;
      await registry.database.admin.query(`create database ${database} owner ${owner}`);
    });
    afterAll(async () => {
      await dropDatabase(registry.database.admin, database);
      await pool.dropLogins();
    });

    test("stops the start by default, and if it ignores startup options", async () => {
      for (const [settings, message] of [
        [{}, /is behind a connection pooler that refuses startup options: connect without it, or set/],
        [
          { ignore_startup_parameters: "options" },
          /have the role \w+ instead of clientele_service, .*: a connection pooler ignores startup options, so/,
        ],
      ] as const) {
        const pooler = await start(settings);
        const place = { url: pooler.url(registry.database.url) };
        await expect(openDatabase({ place, log: silent })).rejects.toThrow(message);
      }
    });

    test("serves two processes on two server connections for each login, from the first migration on", async () => {
      const pooler = await start();
      const through = (url: string) => pooler.url(ofEmpty(url));
      const place = { url: through(registry.database.url), poolUrl: through(pool.url) };
      const databases: Database[] = await Promise.all([1, 2].map(() => openDatabase({ place, log: silent })));
      closing.push(() => Promise.all(databases.map((opened) => opened.close())));
      const apps = await Promise.all(
        databases.map((opened) => createService({ database: opened, publicUrl })),
      );
      closing.push(() => Promise.all(apps.map((app) => app.close())));
      const { service, operator, people } = databases[0]!;
      const now = new Date();
      const enterpriseId = await createEnterprise(operator, "Pooled", now);
      const app = await addApp(operator, enterpriseId, { name: "App" }, now);
      const granted = await apps[0]!.inject({
        method: "POST",
        url: "/v1/auth/token",
        payload: { appid: app.appId, appsecret: app.appSecret },
      });
      const headers = { authorization: `Bearer ${granted.json().accessToken}` };
      const customers = "/v1/enterprise-customers";
      const use = async (app: (typeof apps)[number], n: number) => {
        const payload = { external_id: `${n}`, customfields: [{ id: "lastName", value: `Name ${n}` }] };
        const made = await app.inject({ method: "POST", url: customers, headers, payload });
        const found = await app.inject({ method: "GET", url: `${customers}/${n}?external=1`, headers });
        const listed = await app.inject({ method: "GET", url: `${customers}?limit=${1 + (n % 7)}`, headers });
        expect([made, found, listed].map(({ statusCode }) => statusCode)).toEqual([201, 200, 200]);
        expect(found.body).toContain(`Name ${n}`);
      };
      const clients = 8;
      await Promise.all(
        Array.from({ length: clients }, async (_, client) => {
          for (let n = client; n < 25 * clients; n += clients) await use(apps[n % 2]!, n);
        }),
      );
      const exports = await Promise.all(
        [...apps, ...apps].map((app) => app.inject({ method: "GET", url: `${customers}/export`, headers })),
      );
      for (const { body } of exports) expect(body.trim().split("\n")).toHaveLength(1 + 25 * clients);

      const rows = Array.from({ length: 25 * clients }, (_, n) => ({
        external_id: `${n}`,
        booker_id: "job",
      }));
      const jobs = "/v1/customer-imports";
      const accepted = await apps[0]!.inject({ method: "POST", url: jobs, headers, payload: rows });
      await runQueue(operator, importQueue({ pool: service, clock: () => now, onError: fail }));
      const job = await apps[1]!.inject({
        method: "GET",
        url: `${jobs}/${accepted.json().data.id}`,
        headers,
      });
      expect(job.json().data).toMatchObject({ phase: "completed", updated: rows.length });

      const token = await createSetUpToken(openAccounts(people));
      const signedIn = await apps[1]!.inject({
        method: "POST",
        url: "/auth/set-up",
        headers: { origin: publicUrl, "sec-fetch-site": "same-origin" },
        payload: { token, name: "Ada", email: "ada@example.com", password: "correct horse battery" },
      });
      expect(signedIn.json()).toMatchObject({ data: { person: { name: "Ada" } } });
      // Versions from 1.21 on map the names of statements; for others none are prepared.
      for (const { name } of await service.many(mapped)) expect(name).toMatch(/^(PGBOUNCER_\d+|c_probe)$/);
    });
  },
);
