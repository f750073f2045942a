import { readdir } from "node:fs/promises";
import {
  type EmbeddedDatabase,
  EmbeddedDatabaseError,
  joinEmbedded,
  startEmbedded,
} from "@clientele/embedded-postgres";
import type pg from "pg";
import { OperatorError } from "../process/operator-error.ts";
import { loginsOf, storeLogins } from "./logins.ts";
import { migrate } from "./migrate.ts";
import { type ConnectionOptions, type DatabaseLog, openPools, type Pools } from "./pools.ts";
import { connectionOf, reach, refusalOf } from "./reach.ts";
import { refuseUnsafe, settingsOfInterest } from "./safety.ts";

/** The location of the database: a server's URL, or a data folder for the embedded PostgreSQL. */
export type DatabasePlace =
  | {
      url: string;
      /** The address of a connection pooler, which the service uses with a login for each role. */
      poolUrl?: string;
    }
  | { dataFolder: string };

export type Database = Pools & {
  /** For a thread that opens its own pools. */
  connection: ConnectionOptions;
  close(): Promise<void>;
};

export type OpenOptions = {
  place: DatabasePlace;
  log: DatabaseLog;
  /** Number of connections for requests. */
  connectionsMax?: number;
  /** Join the database of a service that already runs on the data folder, instead of refusing. */
  mayJoin?: boolean;
  /** Refuse a data folder without a database instead of creating one: its name may be mistyped. */
  mustExist?: boolean;
  /** Called when the embedded database was lost and another service has taken over its data folder. */
  onLost?: (error: Error) => void;
};

/** Starts, joins or connects to the database, migrates it, and refuses one that could lose or leak data. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { place, log, connectionsMax = 16 } = options;
  const name = "url" in place ? "the database at DATABASE_URL" : `the database in ${place.dataFolder}`;
  const poolUrl = "url" in place ? place.poolUrl : undefined;
  const logins = poolUrl === undefined ? null : loginsOf(connectionOf(poolUrl, "DATABASE_POOL_URL"));
  const { connection: owner, stop } = await open(options);
  try {
    await prepare(owner, name, logins);
    const connection = { owner, logins, place: logins ? "the database at DATABASE_POOL_URL" : name };
    const pools = openPools(connection, { service: connectionsMax, operator: 2 }, log);
    try {
      await pools.verify();
    } catch (error) {
      await pools.close();
      throw error;
    }
    return {
      service: pools.service,
      operator: pools.operator,
      housekeeping: pools.housekeeping,
      people: pools.people,
      connection,
      async close() {
        await pools.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Open = { connection: pg.ClientConfig; stop(): Promise<void> };

async function open({ place, log, onLost, mayJoin, mustExist }: OpenOptions): Promise<Open> {
  if ("url" in place) return { connection: connectionOf(place.url), stop: async () => undefined };
  const { dataFolder } = place;
  if (mustExist && !(await holdsDatabase(dataFolder))) {
    throw new OperatorError(
      `There is no database in ${dataFolder}: start the service first, or set CLIENTELE_DATA to its data folder.`,
    );
  }
  const join = async () => {
    const connection = mayJoin ? await joinEmbedded(dataFolder) : undefined;
    return connection && { connection: await ownConnection(connection), stop: async () => undefined };
  };
  const joined = await join();
  if (joined) return joined;
  try {
    const embedded = await startEmbedded({ dataFolder, log, ...(onLost && { onLost }) });
    const stop = () => embedded.stop();
    return await ownConnection(embedded.connection).then(
      (connection) => ({ connection, stop }),
      (error) => stop().then(() => Promise.reject(error)),
    );
  } catch (error) {
    // Another service, just starting, was first.
    const isInUse = error instanceof EmbeddedDatabaseError && error.failure === "in-use";
    const late = isInUse ? await join() : undefined;
    if (late) return late;
    throw error;
  }
}

const holdsDatabase = (dataFolder: string): Promise<boolean> =>
  readdir(dataFolder).then(
    (names) => names.some((name) => /^pg\d+$/.test(name)),
    // An unreadable address is refused later, with the reason.
    (error) => error.code !== "ENOENT",
  );

/** The embedded server's superuser creates one unprivileged login and is not used again. */
async function ownConnection(connection: EmbeddedDatabase["connection"]): Promise<pg.ClientConfig> {
  const superuser = await reach(connection, "the embedded database");
  try {
    await superuser.query(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'clientele') then
          create role clientele login createrole;
          execute format('alter database %I owner to clientele', current_database());
        end if;
      end $$`);
    if (connection.password) {
      await superuser.query(`alter role clientele password '${connection.password.replaceAll("'", "''")}'`);
    }
  } finally {
    await superuser.end();
  }
  return { ...connection, user: "clientele" };
}

async function prepare(
  connection: pg.ClientConfig,
  place: string,
  logins: ConnectionOptions["logins"],
): Promise<void> {
  const client = await reach(connection, place);
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name = any($1)",
      [settingsOfInterest],
    );
    const [clock] = (await client.query<{ now: Date }>("select clock_timestamp() as now")).rows;
    if (!clock) throw new Error("The server did not answer what time it is.");
    refuseUnsafe(new Map(rows.map(({ name, setting }) => [name, setting])), {
      server: clock.now,
      own: new Date(),
    });
    await migrate(client);
    if (logins) await storeLogins(client, logins);
  } catch (error) {
    throw refusalOf(error, place);
  } finally {
    await client.end();
  }
}
