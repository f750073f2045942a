import pg from "pg";
import { sendBatch } from "./batch.ts";
import { ConnectionMismatch } from "./connection-mismatch.ts";
import { type Queryable, queryable } from "./queryable.ts";
import { refusalOfPool } from "./reach.ts";
import { startupOptions } from "./session-settings.ts";
import { statementOf, unpreparedStatementOf } from "./sql.ts";
import { connectionIsLost } from "./sqlstate.ts";
import { verifyConnection } from "./verify-connection.ts";

export type DatabaseLog = (event: string, facts: Record<string, unknown>) => void;

export const roleNames = ["service", "operator", "housekeeping", "people"] as const;
export type RoleName = (typeof roleNames)[number];

/** How to connect: as the owner, who takes each role by startup options, or with a login for each role. */
export type ConnectionOptions = {
  owner: pg.ClientConfig;
  logins: Record<RoleName, pg.ClientConfig> | null;
  /** The database in messages: "the database at DATABASE_URL". */
  place: string;
};

/** Connections of one database role. Pools of different roles are different types: one cannot be passed for another. */
type Pool<Role extends RoleName> = Queryable & {
  readonly role: Role;
  /** Number of connections in use and idle, and number of waiting callers. */
  readonly connections: { readonly used: number; readonly idle: number; readonly pending: number };
  /** Calls the listener with the server process id of each new connection. */
  onConnect(listener: (processId: number) => void): void;
};

/** For requests: sees only the enterprise that its session is set to. */
export type ServicePool = Pool<"service">;
/** For the operator: also lists and creates enterprises. */
export type OperatorPool = Pool<"operator">;
/** For periodic jobs: writes usage and deletes expired rows of all enterprises, and reads nothing else. */
export type HousekeepingPool = Pool<"housekeeping">;
/** For sign-in: accounts and sessions only. */
export type PeoplePool = Pool<"people">;

/** One pool per role. All roles are subject to row-level security. */
export type Pools = {
  service: ServicePool;
  operator: OperatorPool;
  housekeeping: HousekeepingPool;
  people: PeoplePool;
};

const drivers = new WeakMap<object, pg.Pool>();

/** The driver's pool: for this folder, for the sign-in library, which requires it, and for tests. */
export function driverOf(pool: Pool<RoleName>): pg.Pool {
  const driver = drivers.get(pool);
  if (!driver) throw new Error("This pool was not opened here.");
  return driver;
}

const clocks = new WeakMap<object, () => Date>();

/** Lets a test simulate the time of the changes that are written through a pool. */
export function simulateTime(pool: ServicePool | OperatorPool, clock: () => Date): void {
  clocks.set(pool, clock);
}

/** Null in production, where the database's clock tells the time of a change. */
export const simulatedTimeOf = (pool: ServicePool | OperatorPool): Date | null =>
  clocks.get(pool)?.() ?? null;

/** Sign-ins are rare: their connections open on first use. */
const peopleConnectionsMax = 4;
/** Usage does not wait for a purge. */
const housekeepingConnectionsMax = 2;
const acquireTimeoutMs = 2_000;

/** The pools of a prepared database. */
export function openPools(
  connection: ConnectionOptions,
  most: { service: number; operator: number },
  log: DatabaseLog,
): Pools & { verify(): Promise<void>; close(): Promise<void> } {
  let isClosing = false;
  const listeners = {
    whenLost(error: Error) {
      if (!isClosing) log("database.connection_lost", { error: error.message });
    },
    whenRefused(error: Error) {
      log("database.connection_refused", { error: error.message });
    },
  };
  const drivers: Record<RoleName, pg.Pool> = {
    service: openDriver(connection, "service", most.service, listeners),
    operator: openDriver(connection, "operator", most.operator, listeners),
    housekeeping: openDriver(connection, "housekeeping", housekeepingConnectionsMax, listeners),
    people: openDriver(connection, "people", peopleConnectionsMax, listeners),
  };
  return {
    async verify() {
      for (const role of roleNames) {
        const client = await drivers[role].connect().catch((error) => {
          throw refusalOfPool(error, connection.place);
        });
        // Only requests and queues are frequent.
        client.release(role !== "service" && role !== "operator");
      }
    },
    service: poolOf("service", drivers.service),
    operator: poolOf("operator", drivers.operator),
    housekeeping: poolOf("housekeeping", drivers.housekeeping),
    people: poolOf("people", drivers.people),
    async close() {
      isClosing = true;
      await Promise.all(Object.values(drivers).map((driver) => driver.end()));
    },
  };
}

function poolOf<Role extends RoleName>(role: Role, driver: pg.Pool): Pool<Role> {
  // Queues and expired rows grow and shrink by orders of magnitude, so their statements are planned each time.
  const isPlannedAnew = role === "operator" || role === "housekeeping";
  const prepared = isPlannedAnew ? unpreparedStatementOf : statementOf;
  const pool: Pool<Role> = {
    role,
    ...queryable(prepared, async (statements) => {
      const client = await driver.connect();
      let isBroken = false;
      try {
        return await sendBatch(client, statements);
      } catch (error) {
        isBroken = connectionIsLost(error);
        throw error;
      } finally {
        client.release(isBroken);
      }
    }),
    get connections() {
      const { totalCount, idleCount, waitingCount } = driver;
      return { used: totalCount - idleCount, idle: idleCount, pending: waitingCount };
    },
    onConnect(listener) {
      driver.on("connect", (client) => listener(processIdOf(client)));
    },
  };
  drivers.set(pool, driver);
  return pool;
}

/** The driver knows the process id; its types do not. */
const processIdOf = (client: pg.PoolClient & { processID?: number }): number => client.processID ?? 0;

type Listeners = { whenLost(error: Error): void; whenRefused(error: Error): void };

function openDriver(
  connection: ConnectionOptions,
  roleName: RoleName,
  max: number,
  { whenLost, whenRefused }: Listeners,
): pg.Pool {
  const role = `clientele_${roleName}`;
  const { owner, logins } = connection;
  const expected = { role, place: connection.place, isLogin: logins !== null };
  const pool = new pg.Pool({
    ...(logins?.[roleName] ?? { ...owner, options: `${owner.options ?? ""} ${startupOptions(role)}`.trim() }),
    max,
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: 60_000,
    // A new connection plans every statement anew, which adds 200 ms to a search. So a few idle connections stay open.
    min: Math.min(4, max),
    // TCP keepalive detects a server that vanished.
    keepAlive: true,
    application_name: "clientele",
    // The pool waits for it, and destroys the connection when it throws.
    onConnect: async (client) => {
      client.on("error", whenLost);
      try {
        await verifyConnection(client, expected, acquireTimeoutMs);
      } catch (error) {
        if (error instanceof ConnectionMismatch) whenRefused(error);
        throw error;
      }
    },
  });
  // Idle clients emit their errors on the pool as well; an unhandled one would end the process.
  pool.on("error", () => undefined);
  return pool;
}
