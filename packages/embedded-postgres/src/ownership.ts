import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Address } from "./address.ts";
import { EmbeddedDatabaseError } from "./error.ts";

const database = "clientele";

/** Advisory locks are per database: this one is in `postgres`, where there are no others. */
const ownerLock = 7_026_433_541;

/** SQLSTATE while the server starts, recovers or shuts down. */
const cannotConnectNow = "57P03";

/** Time for the server to notice that the previous owner was killed. */
const previousOwnerMs = 1_000;

/** A postmaster must listen within this time; it listens before it replays its log. */
const listenTimeoutMs = 10_000;

/** A session that holds the owner lock. `lost` resolves when the session ends, that is, when the database stops. */
export type Ownership = { lost: Promise<void> };

/**
 * Connects as soon as the server accepts sessions and takes the owner lock, which ends with the session, so a killed
 * service leaves nothing to clean up. Returns undefined if the postmaster ends first; throws if `signal` is aborted
 * before there is a session.
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

/** Replaying the log after a crash has no time limit: only the end of the postmaster ends the wait. */
async function connectWhile(
  address: Address,
  isRunning: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<pg.Client | undefined> {
  const { host, port, password } = address;
  let answeredAt = Date.now();
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
        answeredAt = Date.now();
      }
      if (Date.now() - answeredAt > listenTimeoutMs) throw notAnswering(address, error);
    }
    await delay(5);
  } while (await isRunning());
  return undefined;
}

function notAnswering({ host, port }: Address, cause: unknown): EmbeddedDatabaseError {
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
    `Another service (${owner || "just ended"}) uses this data folder: stop it, or choose another data folder for this one.`,
  );
}
