import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Address } from "./address.ts";
import { EmbeddedDatabaseError } from "./error.ts";

const database = "clientele";

/** Advisory locks count within one database; this one is taken in `postgres`, where nothing else takes any. */
const ownerLock = 7_026_433_541;

/** SQLSTATE while the server starts, recovers or shuts down. */
const cannotConnectNow = "57P03";

/** Time for the server to notice that a killed owner is gone. */
const previousOwnerMs = 1_000;

/** How long a postmaster may live without listening; it listens before it replays its log. */
const deafMs = 10_000;

/** A session that holds the database for this service, and whose end tells that the database went. */
export type Ownership = { lost: Promise<void> };

/**
 * Connects as soon as the server takes sessions, and takes the lock that only one service can have: it goes
 * with the session, so a killed service leaves nothing to clean up. Undefined when the postmaster ended first;
 * throws when it is to give up before it has a session.
 */
export async function takeOwnership(
  address: Address,
  isRunning: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<Ownership | undefined> {
  const session = await connectWhile(address, isRunning, signal);
  if (!session) return undefined;
  const lost = new Promise<void>((resolve) => session.once("end", () => resolve()));
  try {
    await lock(session);
    const { rowCount } = await session.query("select from pg_database where datname = $1", [database]);
    if (rowCount === 0) await session.query(`create database ${database}`);
    return { lost };
  } catch (error) {
    await Promise.race([session.end(), lost]);
    if (error instanceof EmbeddedDatabaseError || (await isRunning())) throw error;
    return undefined;
  }
}

/** Replaying a long log after a crash takes as long as it takes: the end of the postmaster ends the wait. */
async function connectWhile(
  address: Address,
  isRunning: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<pg.Client | undefined> {
  const { host, port, password } = address;
  let heardAt = Date.now();
  do {
    signal?.throwIfAborted();
    const session = new pg.Client({
      host,
      port,
      user: "postgres",
      database: "postgres",
      ...(password !== undefined && { password }),
      application_name: `clientele owner ${process.pid}`,
      options: "-c idle_session_timeout=0",
    });
    // Without a listener, the loss of the connection would end the process.
    session.on("error", () => undefined);
    try {
      return await session.connect();
    } catch (error) {
      if (error instanceof pg.DatabaseError) {
        if (error.code !== cannotConnectNow) throw error;
        heardAt = Date.now();
      }
      if (Date.now() - heardAt > deafMs) throw deaf(address, error);
    }
    await delay(5);
  } while (await isRunning());
  return undefined;
}

function deaf({ host, port }: Address, cause: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    "start-failed",
    `PostgreSQL runs but does not answer at ${host} port ${port}: if an earlier service left it, stop it and start again.`,
    cause,
  );
}

async function lock(session: pg.Client): Promise<void> {
  const until = Date.now() + previousOwnerMs;
  for (;;) {
    const { rows } = await session.query("select pg_try_advisory_lock($1) as locked", [ownerLock]);
    if (rows[0].locked) return;
    if (Date.now() > until) break;
    await delay(20);
  }
  const { rows } = await session.query(
    `select application_name from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and granted and (classid::bigint << 32) + objid::bigint = $1`,
    [ownerLock],
  );
  const owner = String(rows[0]?.application_name ?? "").replace("clientele owner", "process");
  throw new EmbeddedDatabaseError(
    "in-use",
    `Another Clientele service (${owner || "just ended"}) uses this data folder: stop it, or give this one a folder of its own.`,
  );
}
