import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { major } from "./cluster.ts";
import { EmbeddedDatabaseError, fileError } from "./error.ts";
import { findPostmaster } from "./postmaster-lock.ts";
import type { EmbeddedDatabase } from "./start.ts";

/** A start takes about a second, and longer after a crash, when PostgreSQL replays its log. */
const startingMs = 10_000;

/**
 * Returns the connection to the database of the service that runs on the data folder, or undefined when none runs. The
 * service still owns the database and may stop it at any time.
 *
 * @throws EmbeddedDatabaseError
 */
export async function joinEmbedded(
  dataFolderName: string,
): Promise<EmbeddedDatabase["connection"] | undefined> {
  const dataFolder = await realpath(dataFolderName).catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw fileError(error, `read ${dataFolderName}`);
  });
  if (dataFolder === undefined) return undefined;
  const folder = join(dataFolder, `pg${major}`);
  const until = Date.now() + startingMs;
  for (;;) {
    const running = await findPostmaster(folder);
    if (!running) return undefined;
    try {
      const connection = await connectionTo(folder, running);
      await testConnection(connection);
      return connection;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EACCES") throw fileError(error, `use ${folder}`);
      if (Date.now() > until) throw notAnswering(folder, error);
    }
    await delay(50);
  }
}

type Running = NonNullable<Awaited<ReturnType<typeof findPostmaster>>>;

async function connectionTo(
  folder: string,
  { port, socketFolder }: Running,
): Promise<EmbeddedDatabase["connection"]> {
  const place = socketFolder
    ? { host: socketFolder }
    : { host: "127.0.0.1", password: await readFile(`${folder}.password`, "utf8") };
  return { ...place, port, user: "postgres", database: "clientele" };
}

/** Throws until the postmaster accepts sessions and its service has created the database. */
async function testConnection(connection: EmbeddedDatabase["connection"]): Promise<void> {
  const session = new pg.Client(connection);
  session.on("error", () => undefined);
  try {
    await session.connect();
  } finally {
    await session.end();
  }
}

function notAnswering(folder: string, cause: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    "start-failed",
    `The database in ${folder} runs but does not answer: ${(cause as Error).message}.`,
    cause,
  );
}
