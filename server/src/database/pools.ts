import pg from "pg";

export type DatabaseLog = (event: string, facts: Record<string, unknown>) => void;

/**
 * Three ways in, all plain roles under row-level security: `service` for requests, which sees the entered
 * enterprise alone; `operator`, which besides can list and create enterprises; `people`, which signs people in and
 * sees nothing else.
 */
export type Pools = { service: pg.Pool; operator: pg.Pool; people: pg.Pool };

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
