import type pg from "pg";
import { sendBatch, sendUnnamed } from "./batch.ts";
import { ConnectionMismatch } from "./connection-mismatch.ts";
import { sessionSettings } from "./session-settings.ts";
import { rowsOf } from "./sql.ts";

/** The role and the settings that a new connection must have. */
export type Expected = {
  role: string;
  /** The database in messages: "the database at DATABASE_URL". */
  place: string;
  /** The role's settings apply at the login, instead of by startup options. */
  isLogin: boolean;
};

type State = {
  role: string;
  login: string;
  database: string;
  isPrivileged: boolean;
  isReadOnly: boolean;
  processId: number;
  settings: Record<string, string>;
};

const stateQuery = {
  text: `select current_user as role, session_user as login, current_database() as database,
      (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as "isPrivileged",
      current_setting('transaction_read_only') = 'on' as "isReadOnly", pg_backend_pid() as "processId",
      (select json_object_agg(name, current_setting(name)) from unnest($1::text[]) as name) as settings`,
  values: [Object.keys(sessionSettings)],
};

/**
 * Verifies a new connection before its first use; throws ConnectionMismatch, naming the differences and the remedy.
 * A connection that does not answer within the deadline is destroyed.
 */
export async function verifyConnection(
  client: pg.ClientBase,
  expected: Expected,
  deadlineMs: number,
): Promise<void> {
  const { processID, connection } = client as unknown as DriverClient;
  const timer = setTimeout(() => connection.stream.destroy(), deadlineMs);
  try {
    const [state] = (await client.query<State>(stateQuery)).rows;
    if (!state) throw new Error("The server did not describe the connection.");
    refuseMismatch(state, expected);
    // Poolers give their clients process ids of their own.
    if (state.processId !== processID && !(await mapsNames(client))) sendUnnamed(client);
  } finally {
    clearTimeout(timer);
  }
}

/** The driver knows more than its types tell. */
type DriverClient = { processID: number; connection: { stream: { destroy(): void } } };

function refuseMismatch(state: State, { role, place, isLogin }: Expected): void {
  const connections = `Connections of ${state.login} to ${place}`;
  if (state.isReadOnly)
    throw new ConnectionMismatch(`${connections} are read-only, as on a standby: connect to the primary.`);
  if (state.role === role && state.isPrivileged)
    throw new ConnectionMismatch(
      `${connections} have the role ${role}, which row-level security does not restrict: run "alter role ${role} nosuperuser nobypassrls".`,
    );
  const differing = Object.entries(sessionSettings).filter(([name, value]) => state.settings[name] !== value);
  if (state.role === role && differing.length === 0) return;
  const differences = [
    ...(state.role === role ? [] : [`the role ${state.role} instead of ${role}`]),
    ...differing.map(([name, value]) => `${name} ${state.settings[name]} instead of ${value}`),
  ].join(", ");
  const settings = [...(state.role === role ? [] : [["role", role]]), ...differing].map(
    ([name, value]) => `alter role ${state.login} in database ${state.database} set ${name} = '${value}'`,
  );
  throw new ConnectionMismatch(
    `${connections} have ${differences}: ${
      isLogin
        ? `run "${settings.join("; ")}" and let a connection pooler reconnect.`
        : `a connection pooler ignores startup options, so ${loginsRemedy}.`
    }`,
  );
}

/** For poolers that refuse or ignore startup options. */
export const loginsRemedy =
  "connect without it, or set DATABASE_POOL_URL to its address and DATABASE_URL to that of the database itself";

const probe = "c_probe";

/** Whether a pooler prepares each client's statements under names of its own wherever they run. */
async function mapsNames(client: pg.ClientBase): Promise<boolean> {
  const text = `select exists (select from pg_prepared_statements where name = '${probe}') as "isKnown"`;
  const [answer] = await sendBatch(client, [{ text, values: [], name: probe, closesFirst: true }]);
  return answer !== undefined && rowsOf<{ isKnown: boolean }>(answer)[0]?.isKnown === false;
}
