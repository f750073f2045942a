import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "@clientele/contract/errors";
import { type Role, scopesOf } from "@clientele/contract/roles";
import { type Scope, scopes } from "@clientele/contract/route";
import type pg from "pg";
import Cursor from "pg-cursor";
import { type Answer, sendBatch } from "./batch.ts";
import { driverOf, type OperatorPool, type ServicePool } from "./pools.ts";
import { type Queryable, queryable } from "./queryable.ts";
import { named, type Query, rowsOf, type Sql, sql, statementOf, type TextRow, unnamed } from "./sql.ts";
import { canBeRunAgain, connectionIsLost, problemOfDatabase, sqlstateOf } from "./sqlstate.ts";

/** Who enters an enterprise: the operator of the installation, or someone with a token, for one operation. */
export type Caller = { enterpriseId: string } & (
  | { kind: "operator" }
  | ({ kind: "app"; secretVersion: number } & PendingQuery)
  | ({ kind: "person"; sessionId: string } & PendingQuery)
);

type PendingQuery = {
  id: string;
  /** The branch that is acted for. */
  companyId: string | null;
  /** What the operation needs. */
  scope: Scope;
};

/** The caller as the database knows it at the moment of the last round trip. */
type Session = {
  definitionsRevision: number;
  callerName: string;
  /** Of a person. */
  role: Role | null;
  /** What the caller may do, and for which companies; null is all of them. */
  scopes: readonly string[];
  companyIds: readonly string[] | null;
};

/**
 * The database from inside one enterprise. It is all that an operation is given: there is no way to name another
 * enterprise, and row-level security answers nothing but this one's rows.
 */
export type EnterpriseDatabase = Queryable & {
  readonly enterpriseId: string;
  /** Whether a round trip has authorized the caller. */
  readonly isAuthorized: boolean;
  /** As of the last round trip; an error before the first. */
  readonly session: Session;
  /**
   * Rows as PostgreSQL writes them, `rowsPerRead` at a time, all from one snapshot. `timeout`, as PostgreSQL writes
   * it, is how long a read may take when not as long as others.
   */
  stream(query: Query<unknown>, rowsPerRead: number, timeout?: string): AsyncGenerator<TextRow[]>;
};

const textOnly = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/**
 * Enters the enterprise and looks the caller up in one statement. The lateral subquery with its limit can only be
 * run once the setting is made, which is what row-level security goes by; were it run before, it would find nothing.
 */
const enter = (caller: Caller): Sql<CallerRow> =>
  sql`with entering as materialized (select set_config('clientele.enterprise_id', ${caller.enterpriseId}, true) as id)
      select known.* from entering left join lateral (${loadCaller(caller)}) known on true`;

function loadCaller(caller: Caller): Sql {
  switch (caller.kind) {
    case "operator":
      return operatorQuery;
    case "app":
      return appQuery(caller);
    case "person":
      return personQuery(caller);
  }
}

const operatorQuery = sql`select e.definitions_revision, '' as name, null as role,
    ${scopes}::text[] as scopes, null::text[] as company_ids, true as company_known
  from enterprises e where e.id = entering.id limit 1`;

const companyKnown = (enterpriseId: string, companyId: string | null): Sql =>
  sql`${companyId}::text is null or exists (
        select from companies c where c.enterprise_id = ${enterpriseId} and c.id = ${companyId}
      ) as company_known`;

const appQuery = ({ enterpriseId, ...app }: Caller & { kind: "app" }): Sql =>
  sql`select e.definitions_revision, a.name, null as role, a.scopes, a.company_ids,
        ${companyKnown(enterpriseId, app.companyId)}
      from enterprises e join apps a on a.enterprise_id = e.id
      where e.id = entering.id and a.enterprise_id = ${enterpriseId} and a.id = ${app.id}
        and a.secret_version = ${app.secretVersion} and a.revoked_at is null
      limit 1`;

/** The session is still theirs and alive, and the membership stands. */
const personQuery = ({ enterpriseId, ...person }: Caller & { kind: "person" }): Sql =>
  sql`select e.definitions_revision, p.name, m.role, null::text[] as scopes, m.company_ids,
        ${companyKnown(enterpriseId, person.companyId)}
      from enterprises e join members m on m.enterprise_id = e.id
        join people p on p.id = m.person_id
        join people_sessions s on s.person_id = m.person_id
      where e.id = entering.id and m.enterprise_id = ${enterpriseId} and m.person_id = ${person.id}
        and m.removed_at is null and s.id = ${person.sessionId} and s.expires_at > now()
      limit 1`;

type CallerRow = {
  /** Null when there is no such caller. */
  definitions_revision: number | null;
  name: string;
  role: Role | null;
  scopes: string[] | null;
  company_ids: string[] | null;
  company_known: boolean;
};

/** Refuses a caller that is unknown or revoked, lacks the scope, or may not act for the company that it names. */
function authorize(caller: Caller, answer: Answer | undefined): Session {
  const [row] = answer ? rowsOf<CallerRow>(answer) : [];
  if (!row || row.definitions_revision === null) throw new Problem("TOKEN_INVALID");
  const scopes = row.role === null ? (row.scopes ?? []) : scopesOf(row.role);
  // The token carries the scopes of the time it was issued; those of now decide.
  if (caller.kind !== "operator" && !scopes.includes(caller.scope)) throw new Problem("SCOPE_MISSING");
  const companyId = caller.kind === "operator" ? null : caller.companyId;
  if (!row.company_known || (companyId !== null && row.company_ids?.includes(companyId) === false)) {
    throw new Problem("COMPANY_FORBIDDEN");
  }
  return {
    definitionsRevision: row.definitions_revision,
    callerName: row.name,
    role: row.role,
    scopes,
    companyIds: row.company_ids,
  };
}

// What is read in parts never gets the workers that it was planned for.
const inOneProcess = sql`select set_config('max_parallel_workers_per_gather', '0', true)`;

/** Reads of the caller. Each query authorizes the caller and answers in one round trip and one transaction. */
export function readingAs(pool: ServicePool | OperatorPool, caller: Caller): EnterpriseDatabase {
  let session: Session | undefined;

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient | undefined;
    let broken = false;
    try {
      client = await driverOf(pool).connect();
      return await work(client);
    } catch (error) {
      broken = connectionIsLost(error);
      throw problemOfDatabase(error, "unchanged");
    } finally {
      client?.release(broken);
    }
  }

  const entering = named(enter(caller));

  return {
    enterpriseId: caller.enterpriseId,
    get isAuthorized() {
      return session !== undefined;
    },
    get session() {
      if (!session) throw new Error("No round trip has authorized the caller yet.");
      return session;
    },
    ...queryable(statementOf, (statements) =>
      withClient(async (client) => {
        const [known, ...answers] = await sendBatch(client, [entering, ...statements]);
        session = authorize(caller, known);
        return answers;
      }),
    ),
    async *stream(statement, rowsPerRead, timeout) {
      const client = await driverOf(pool)
        .connect()
        .catch((error) => {
          throw problemOfDatabase(error, "unchanged");
        });
      let broken = true;
      try {
        const begin = { text: "begin isolation level repeatable read read only", values: [] };
        const settings = [
          inOneProcess,
          ...(timeout === undefined ? [] : [sql`select set_config('statement_timeout', ${timeout}, true)`]),
        ];
        const [, known] = await sendBatch(client, [begin, entering, ...settings.map(unnamed)]);
        session = authorize(caller, known);
        const cursor = client.query(
          new Cursor<(string | null)[]>(statement.text, [...statement.values], {
            rowMode: "array",
            types: textOnly,
          }),
        );
        // One read ahead: the database fetches while the rows at hand are being written.
        let ahead = cursor.read(rowsPerRead);
        for (;;) {
          const rows = await ahead;
          if (rows.length === 0) break;
          const isLast = rows.length < rowsPerRead;
          if (!isLast) {
            ahead = cursor.read(rowsPerRead);
            // It fails unheard when nobody comes back for it.
            ahead.catch(() => undefined);
          }
          yield rows;
          if (isLast) break;
        }
        await cursor.close();
        await client.query("commit");
        broken = false;
      } catch (error) {
        throw problemOfDatabase(error, "unchanged");
      } finally {
        // A reader that went away in the middle leaves a portal and a transaction open: not worth tidying.
        client.release(broken);
      }
    },
  };
}

export type WriteOptions = {
  /** Definitions (fields, categories, tags) change: wait until no customer is being written by the old ones. */
  changesDefinitions?: boolean;
  /**
   * Only tells what a change would do: it holds no lock, so it waits for nobody's write and none waits for it. All it
   * reads is of one snapshot, and as definitions and the customers that follow them change in one transaction, that
   * has both or neither. What it tells is of that moment; the change itself looks again, under its lock.
   */
  isDryRun?: boolean;
  /** The statement that creates the enterprise, before anything else is done in it. */
  createEnterprise?: Sql;
};

const attemptsMax = 5;

/**
 * One write transaction of the caller. `work` must be a pure function of its input: a transaction that loses a
 * race is rolled back and `work` runs again, at most five times.
 */
export async function writingAs<T>(
  pool: ServicePool | OperatorPool,
  caller: Caller,
  options: WriteOptions,
  work: (database: EnterpriseDatabase) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeOnce(pool, caller, options, work);
    } catch (error) {
      if (!canBeRunAgain(error) || attempt === attemptsMax) throw problemOfDatabase(error, "unchanged");
      await wait(Math.random() * 10 * 2 ** attempt);
    }
  }
}

async function writeOnce<T>(
  pool: ServicePool | OperatorPool,
  caller: Caller,
  options: WriteOptions,
  work: (database: EnterpriseDatabase) => Promise<T>,
): Promise<T> {
  const client = await driverOf(pool)
    .connect()
    .catch((error) => {
      throw problemOfDatabase(error, "unchanged");
    });
  let committing = false;
  let broken = false;
  try {
    const answers = await sendBatch(client, [
      ...beginning(caller.enterpriseId, options).map(named),
      ...(options.createEnterprise ? [named(options.createEnterprise)] : []),
      named(enter(caller)),
    ]);
    const session = authorize(caller, answers.at(-1));
    const result = await work(inTransaction(client, caller, session));
    committing = true;
    const [committed] = await sendBatch(client, [named(sql`commit`)]);
    // COMMIT of a transaction that has failed is answered with ROLLBACK, and no error.
    if (committed?.tag !== "COMMIT")
      throw new Error("The transaction was rolled back: an error in it was swallowed.");
    return result;
  } catch (error) {
    broken = connectionIsLost(error);
    // A transaction that has failed (25P02) is on a connection that still hears: rolled back, it lets go of its
    // locks now, and not when the server notices that the connection is gone.
    if (!broken || sqlstateOf(error) === "25P02") {
      broken = await client.query("rollback").then(
        () => broken,
        () => true,
      );
    }
    if (connectionIsLost(error)) throw problemOfDatabase(error, committing ? "unknown" : "unchanged");
    throw error;
  } finally {
    client.release(broken);
  }
}

function beginning(enterpriseId: string, { changesDefinitions, isDryRun }: WriteOptions): Sql[] {
  if (isDryRun) return [sql`begin isolation level repeatable read`];
  const lock = changesDefinitions
    ? sql`select pg_advisory_xact_lock(hashtextextended(${enterpriseId}, 0))`
    : sql`select pg_advisory_xact_lock_shared(hashtextextended(${enterpriseId}, 0))`;
  return [sql`begin`, lock];
}

function inTransaction(client: pg.PoolClient, caller: Caller, session: Session): EnterpriseDatabase {
  return {
    enterpriseId: caller.enterpriseId,
    isAuthorized: true,
    session,
    ...queryable(statementOf, (statements) => sendBatch(client, statements)),
    stream() {
      throw new Error("A write transaction does not stream.");
    },
  };
}
