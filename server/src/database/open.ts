import { readdir } from "node:fs/promises";
import pg from "pg";
import { Refusal } from "../refusal.ts";
import { EmbeddedDatabaseError } from "./embedded/error.ts";
import { joinEmbedded } from "./embedded/join.ts";
import { type EmbeddedDatabase, startEmbedded } from "./embedded/start.ts";
import { migrate } from "./migrate.ts";
import { connectionOf, reach, refusalOf } from "./reach.ts";
import { refuseUnsafe, settingsOfInterest } from "./safety.ts";

export type DatabaseLog = (event: string, facts: Record<string, unknown>) => void;

/** Where the database is: a server by its URL, or a data folder in which PostgreSQL is started. */
export type DatabasePlace = { url: string } | { dataFolder: string };

/**
 * Three ways in, all plain roles under row-level security: `service` for requests, which sees the entered
 * enterprise alone; `operator`, which besides can list and create enterprises; `people`, which signs people in and
 * sees nothing else.
 */
export type Pools = { service: pg.Pool; operator: pg.Pool; people: pg.Pool };

export type Database = Pools & {
  /** For a thread that opens pools of its own. */
  connection: pg.ClientConfig;
  close(): Promise<void>;
};

export type OpenOptions = {
  place: DatabasePlace;
  log: DatabaseLog;
  /** Connections for requests. */
  connectionsMax?: number;
  /** Where a service already runs on the data folder, use its database instead of refusing. */
  mayJoin?: boolean;
  /** Refuse a data folder without a database instead of making one: its name may be mistyped. */
  mustExist?: boolean;
  /** The embedded database went, and another service has taken its folder: this one has none any more. */
  onLost?: (error: Error) => void;
};

/** To sign in is rare. A connection is made when it is first needed. */
const peopleConnectionsMax = 4;
const acquireTimeoutMs = 2_000;
const settings = [
  "search_path=clientele",
  "timezone=UTC",
  "statement_timeout=15s",
  "lock_timeout=5s",
  "idle_in_transaction_session_timeout=30s",
];

/** Starts, joins or reaches the database, migrates it, and refuses one that would lose or leak data. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { place, log, connectionsMax = 16 } = options;
  const name = "url" in place ? "the database at DATABASE_URL" : `the database in ${place.dataFolder}`;
  const { connection, stop } = await open(options);
  try {
    await prepare(connection, name);
    const pools = openPools(connection, { service: connectionsMax, operator: 2 }, log);
    return {
      service: pools.service,
      operator: pools.operator,
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
    throw new Refusal(
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
    // A service that was just starting was first.
    const isInUse = error instanceof EmbeddedDatabaseError && error.failure === "in-use";
    const late = isInUse ? await join() : undefined;
    if (late) return late;
    throw error;
  }
}

const holdsDatabase = (dataFolder: string): Promise<boolean> =>
  readdir(dataFolder).then(
    (names) => names.some((name) => /^pg\d+$/.test(name)),
    // One that cannot be read is refused with its reason later on.
    (error) => error.code !== "ENOENT",
  );

/** The superuser of the embedded server makes one plain login and is not used again. */
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

async function prepare(connection: pg.ClientConfig, place: string): Promise<void> {
  const client = await reach(connection, place);
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name = any($1)",
      [settingsOfInterest],
    );
    const clock = await client.query<{ now: Date }>("select clock_timestamp() as now");
    refuseUnsafe(new Map(rows.map(({ name, setting }) => [name, setting])), {
      server: clock.rows[0]!.now,
      own: new Date(),
    });
    await migrate(client);
  } catch (error) {
    throw refusalOf(error, place);
  } finally {
    await client.end();
  }
}

/** Pools on a database that is prepared. */
export function openPools(
  connection: pg.ClientConfig,
  most: { service: number; operator: number },
  log: DatabaseLog,
): Pools & { close(): Promise<void> } {
  let isClosing = false;
  const whenLost = (error: Error) => {
    if (!isClosing) log("database.connection_lost", { error: error.message });
  };
  const service = openPool(connection, "clientele_service", most.service, whenLost);
  const operator = openPool(connection, "clientele_operator", most.operator, whenLost);
  const people = openPool(connection, "clientele_people", peopleConnectionsMax, whenLost);
  return {
    service,
    operator,
    people,
    async close() {
      isClosing = true;
      await Promise.all([service.end(), operator.end(), people.end()]);
    },
  };
}

function openPool(
  connection: pg.ClientConfig,
  role: string,
  max: number,
  whenLost: (error: Error) => void,
): pg.Pool {
  const options = [...settings, `role=${role}`].map((it) => `-c ${it}`).join(" ");
  const pool = new pg.Pool({
    ...connection,
    max,
    options,
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: 60_000,
    // A new connection plans everything anew: a search over one takes 200 ms more. So a few stay, however quiet it is.
    min: Math.min(4, max),
    // A server that vanished without a word is noticed by the system, not by waiting for ever.
    keepAlive: true,
    application_name: "clientele",
  });
  // Clients report on themselves, idle ones on the pool as well; unheard, either would end the process.
  pool.on("connect", (client) => client.on("error", whenLost));
  pool.on("error", () => undefined);
  return pool;
}
