import pg from "pg";
import { OperatorError } from "../process/operator-error.ts";
import { required } from "../validation/required.ts";
import { beginWithLock } from "./advisory-lock.ts";
import { type RoleName, roleNames } from "./pools.ts";
import { sessionSettings } from "./session-settings.ts";
import { sqlstateOf } from "./sqlstate.ts";

export type Logins = Record<RoleName, pg.ClientConfig>;

/** The login of each role, derived from the user of an address: app_service_login of app. */
export function loginsOf({ connectionString = "", options }: pg.ClientConfig): Logins {
  if (new URL(connectionString).username === "") {
    throw new OperatorError(
      "DATABASE_POOL_URL names no user, from which the logins of the roles are derived.",
    );
  }
  const loginOf = (role: RoleName): pg.ClientConfig => {
    const address = new URL(connectionString);
    address.username += `_${role}_login`;
    return { connectionString: address.href, ...(options !== undefined && { options }) };
  };
  return {
    service: loginOf("service"),
    operator: loginOf("operator"),
    housekeeping: loginOf("housekeeping"),
    people: loginOf("people"),
  };
}

const storingLock = 7_026_433_544;

/**
 * Creates missing logins, and stores the role and the settings of their sessions with them, in this database only. An
 * owner that lacks the right leaves them as they are; their connections are refused if that is not right.
 */
export async function storeLogins(client: pg.ClientBase, logins: Logins): Promise<void> {
  await beginWithLock(client, storingLock);
  try {
    for (const role of roleNames) {
      const { user: login = "", password } = new pg.Client(logins[role]);
      await create(client, login, password ?? null, `clientele_${role}`);
      await storeSettings(client, login, `clientele_${role}`);
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    if (sqlstateOf(error) !== "42501") throw error;
  }
}

async function create(
  client: pg.ClientBase,
  login: string,
  password: string | null,
  role: string,
): Promise<void> {
  const { rowCount } = await client.query("select from pg_roles where rolname = $1", [login]);
  if (rowCount) return;
  await run(client, "create role %I login password %L in role %I", [login, password, role]);
}

async function storeSettings(client: pg.ClientBase, login: string, role: string): Promise<void> {
  const { rows } = await client.query<{ database: string; settings: string[] }>(
    `select current_database() as database, coalesce(max(s.setconfig), '{}') as settings
     from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase join pg_roles r on r.oid = s.setrole
     where d.datname = current_database() and r.rolname = $1`,
    [login],
  );
  const { database, settings } = required(rows[0], "the login's settings");
  const stored = new Set(settings);
  for (const [name, value] of Object.entries({ ...sessionSettings, role })) {
    if (stored.has(`${name}=${value}`)) continue;
    await run(client, "alter role %I in database %I set %I = %L", [login, database, name, value]);
  }
}

/** Statements about roles take no parameters. */
async function run(client: pg.ClientBase, format: string, values: readonly (string | null)[]): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    "select format($1, variadic $2::text[]) as statement",
    [format, values],
  );
  for (const { statement } of rows) await client.query(statement);
}
