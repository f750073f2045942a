import pg from "pg";
import { type EmbeddedDatabase, startEmbedded } from "./embedded/start.ts";
import { DatabaseRefused, migrate } from "./migrate.ts";
import { connectionIsLost } from "./sqlstate.ts";

export type DatabaseLog = (event: string, facts: Record<string, unknown>) => void;

/** Where the database is: a server by its URL, or a data folder in which PostgreSQL is started. */
export type DatabasePlace = { url: string } | { dataFolder: string };

/**
 * Two ways in, both plain roles under row-level security: `service` for requests, which sees the entered
 * enterprise alone, and `operator`, which besides can list and create enterprises.
 */
export type Database = {
  service: pg.Pool;
  operator: pg.Pool;
  close(): Promise<void>;
};

export type OpenOptions = {
  place: DatabasePlace;
  log: DatabaseLog;
  /** Connections for requests. */
  connectionsMax?: number;
};

const acquireTimeoutMs = 2_000;
const settings = [
  "search_path=clientele",
  "timezone=UTC",
  "statement_timeout=15s",
  "lock_timeout=5s",
  "idle_in_transaction_session_timeout=30s",
];

/** Starts or reaches the database, migrates it, and refuses one that would lose or leak data. */
export async function openDatabase({ place, log, connectionsMax = 16 }: OpenOptions): Promise<Database> {
  const embedded = "dataFolder" in place ? await startEmbedded({ dataFolder: place.dataFolder, log }) : null;
  try {
    const connection = embedded ? await ownConnection(embedded) : reachable((place as { url: string }).url);
    await prepare(connection, log);
    const service = openPool(connection, "clientele_service", connectionsMax, log);
    const operator = openPool(connection, "clientele_operator", 2, log);
    return {
      service,
      operator,
      async close() {
        await Promise.all([service.end(), operator.end()]);
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** The superuser of the embedded server makes one plain login and is not used again. */
async function ownConnection({ connection }: EmbeddedDatabase): Promise<pg.ClientConfig> {
  const superuser = new pg.Client(connection);
  await superuser.connect();
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

function reachable(url: string): pg.ClientConfig {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new DatabaseRefused(
      "DATABASE_URL is not an address of the form postgres://user:password@host:5432/name.",
    );
  }
  return { connectionString: url };
}

async function prepare(connection: pg.ClientConfig, log: DatabaseLog): Promise<void> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 });
  // A server that goes away meanwhile fails the query that is waiting; without a listener it would end the process.
  client.on("error", (error) => log("database.connection_lost", { error: error.message }));
  try {
    await client.connect();
    await refuseUnsafe(client);
    await migrate(client);
  } catch (error) {
    throw asRefusal(error);
  } finally {
    await client.end();
  }
}

const unreachable: Record<string, string> = {
  "3D000": "there is no such database",
  "28P01": "the password is wrong",
  "28000": "the user may not connect",
};

function asRefusal(error: unknown): unknown {
  if (error instanceof DatabaseRefused) return error;
  const code = (error as { code?: string }).code ?? "";
  const reason = unreachable[code];
  if (reason)
    return new DatabaseRefused(`The database at DATABASE_URL cannot be used: ${reason}.`, { cause: error });
  if (code === "42501") {
    return new DatabaseRefused(
      `The user of DATABASE_URL lacks a right (${(error as Error).message}): it must own its database and have CREATEROLE.`,
      { cause: error },
    );
  }
  if (connectionIsLost(error) || code.startsWith("E")) {
    return new DatabaseRefused(
      `The database at DATABASE_URL cannot be reached: ${(error as Error).message || code}.`,
      { cause: error },
    );
  }
  return error;
}

/** What is acknowledged must be on disk, and the server must know what the statements use. */
async function refuseUnsafe(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_version_num', 'server_encoding')`,
  );
  const setting = new Map(rows.map((row) => [row.name, row.setting]));
  if (Number(setting.get("server_version_num")) < 150_000) {
    throw new DatabaseRefused("The database is older than PostgreSQL 15.");
  }
  if (setting.get("server_encoding") !== "UTF8") {
    throw new DatabaseRefused(
      `The database is encoded in ${setting.get("server_encoding")}: it must be UTF8.`,
    );
  }
  for (const name of ["fsync", "full_page_writes", "synchronous_commit"]) {
    if (setting.get(name) === "off") {
      throw new DatabaseRefused(
        `The database has ${name} off and would lose what it has acknowledged: switch it on.`,
      );
    }
  }
}

function openPool(connection: pg.ClientConfig, role: string, max: number, log: DatabaseLog): pg.Pool {
  const options = [...settings, `role=${role}`].map((it) => `-c ${it}`).join(" ");
  const pool = new pg.Pool({
    ...connection,
    max,
    options,
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: 60_000,
    application_name: "clientele",
  });
  // Idle clients report on the pool, clients in use on themselves; unheard, either would end the process.
  pool.on("error", (error) => log("database.connection_lost", { error: error.message }));
  pool.on("connect", (client) => {
    client.on("error", (error) => log("database.connection_lost", { error: error.message }));
  });
  return pool;
}
