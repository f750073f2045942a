import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "../database/open.ts";
import { sqlstateOf } from "../database/sqlstate.ts";
import { databaseUrl } from "./global-setup.ts";

export type TestDatabase = Database & {
  url: string;
  /** Runs SQL as the owner of the database: for looking behind the service's back, never for the service. */
  admin: pg.Client;
};

/** A migrated, empty database of one's own. `close` drops it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = inject("databaseServer");
  const name = `clientele_test_${randomBytes(6).toString("hex")}`;
  const server = new pg.Client({ connectionString: adminUrl });
  await server.connect();
  const url = databaseUrl(adminUrl, name);
  await server.query(`create database ${name} template ${template} owner ${new URL(url).username}`);
  const database = await openDatabase({ place: { url }, log: () => undefined });
  // What is written here goes with the test: to wait for the disk at each commit proves nothing. The tests of what
  // outlives a crash start services of their own.
  for (const { options } of [database.service, database.operator])
    options.options = `${options.options ?? ""} -c synchronous_commit=off`;
  const ownUrl = new URL(adminUrl);
  ownUrl.pathname = `/${name}`;
  const admin = new pg.Client({
    connectionString: ownUrl.href,
    options: "-c search_path=clientele -c timezone=UTC",
  });
  await admin.connect();
  return {
    ...database,
    url,
    admin,
    async close() {
      await database.close();
      await admin.end();
      await drop(server, name);
      await server.end();
    },
  };
}

/** Drops it with whoever is still in it. Of a vacuum, which only a superuser can send away, the end is waited for. */
async function drop(server: pg.Client, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await server.query(`drop database ${name} with (force)`);
      return;
    } catch (error) {
      if (sqlstateOf(error) !== "42501" || attempt === 50) throw error;
      await wait(100);
    }
  }
}
