import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runner } from "node-pg-migrate";
import type pg from "pg";
import { OperatorError } from "../process/operator-error.ts";
import { beginWithLock } from "./advisory-lock.ts";

const folder = fileURLToPath(new URL("../../migrations", import.meta.url));
const table = "migrations";
const migratingLock = 7_026_433_542;

/**
 * Migrates the schema to this program's version. Concurrent starts wait for one another. Refuses a database that a
 * newer program has migrated, and one from before the baseline.
 */
export async function migrate(client: pg.ClientBase): Promise<void> {
  // Covers the creation of the schema too: concurrent creations fail.
  await beginWithLock(client, migratingLock);
  await client.query("create schema if not exists clientele");
  await client.query("set local search_path = clientele");
  const known = new Set((await readdir(folder)).map((file) => file.replace(/\.sql$/, "")));
  const { rows } = await client.query<{ exists: boolean }>(
    `select to_regclass('clientele.${table}') is not null as exists`,
  );
  if (rows[0]?.exists) {
    const applied = await client.query<{ name: string }>(`select name from clientele.${table} order by id`);
    const unknown = applied.rows.find(({ name }) => !known.has(name));
    if (unknown && !known.has(applied.rows[0]?.name ?? "")) {
      throw new OperatorError(
        "The data was written in the format before the first release, which no release reads: start with an empty database or data folder.",
      );
    }
    if (unknown) {
      throw new OperatorError(
        `The data was written by a newer Clientele (it has migration ${unknown.name}): start that version instead.`,
      );
    }
  }
  await runner({
    dbClient: client,
    dir: folder,
    direction: "up",
    migrationsSchema: "clientele",
    migrationsTable: table,
    checkOrder: true,
    // It begins no transaction of its own within this one, and commits this one after the last migration.
    singleTransaction: true,
    noLock: true,
    log: () => undefined,
  });
  await client.query("commit");
}
