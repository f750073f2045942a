import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { checkColumns } from "../database/column-check.ts";
import { type Database, openDatabase } from "../database/open.ts";
import { driverOf } from "../database/pools.ts";
import { sqlstateOf } from "../database/sqlstate.ts";
import { databaseServer } from "./database-server.ts";
import { encodeIds } from "./encode-ids.ts";
import { databaseUrl } from "./test-cluster.ts";

export type TestDatabase = Database & {
  url: string;
  /** Runs SQL as the owner of the database: for checks and set-up that the API does not offer, never for the service. */
  admin: pg.Client;
};

checkColumns();

/** A migrated, empty database of its own for the caller. `close` drops it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = databaseServer();
  const name = `clientele_test_${randomBytes(6).toString("hex")}`;
  const server = new pg.Client({ connectionString: adminUrl });
  await server.connect();
  const url = databaseUrl(adminUrl, name);
  await server.query(`create database ${name} template ${template} owner ${new URL(url).username}`);
  const database = await openDatabase({ place: { url }, log: () => undefined });
  // The database is dropped after the test, so waiting for the disk at each commit proves nothing. Tests of crashes
  // start services of their own.
  for (const driver of [database.service, database.operator].map(driverOf)) {
    driver.options.options = `${driver.options.options ?? ""} -c synchronous_commit=off`;
    // The start has opened a connection without it.
    (await driver.connect()).release(true);
  }
  const ownUrl = new URL(adminUrl);
  ownUrl.pathname = `/${name}`;
  const admin = new pg.Client({
    connectionString: ownUrl.href,
    options: "-c search_path=clientele -c timezone=UTC",
  });
  await admin.connect();
  encodeIds(admin);
  return {
    ...database,
    url,
    admin,
    async close() {
      await database.close();
      await admin.end();
      await dropDatabase(server, name);
      await server.end();
    },
  };
}

/**
 * Drops the database and ends its sessions, except a vacuum and those of other users: only a superuser may end those, so
 * the drop waits.
 */
export async function dropDatabase(server: pg.Client, name: string): Promise<void> {
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
