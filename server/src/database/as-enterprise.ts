import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "@clientele/contract/errors";
import { type Role, scopesOf } from "@clientele/contract/roles";
import { type Scope, scopes } from "@clientele/contract/route";
import type pg from "pg";
import Cursor from "pg-cursor";
import { type Answer, type Statement, sendBatch } from "./batch.ts";
import { beginEpoch, isWithoutEpoch } from "./epoch.ts";
import { decoderOf } from "./id-codec.ts";
import { encoded } from "./parameter-types.ts";
import { driverOf, type OperatorPool, type ServicePool, simulatedTimeOf } from "./pools.ts";
import { type Queryable, queryable } from "./queryable.ts";
import { named, type Query, rowsOf, type Sql, sql, statementOf, type TextRow, unnamed } from "./sql.ts";
import { canBeRunAgain, connectionIsLost, problemOfDatabase, sqlstateOf } from "./sqlstate.ts";

/** The caller that enters an enterprise: the installation's operator, or a token's owner for one operation. */
export type Caller = { enterpriseId: string } & (
  | { kind: "operator" }
  | ({ kind: "app"; secretVersion: number } & PendingQuery)
  | ({ kind: "person"; sessionId: string } & PendingQuery)
);

type PendingQuery = {
  id: string;
  /** The branch that the caller acts for. */
  companyId: string | null;
  /** The scope that the operation requires. */
  scope: Scope;
};

/** The caller as of the last round trip. */
type Session = {
  definitionsRevision: number;
  callerName: string;
  /** The role of a person; null for an app. */
  role: Role | null;
  /** The caller's scopes, and the companies they cover; null covers all. */
  scopes: readonly string[];
  companyIds: readonly string[] | null;
};

/**
 * The database inside one enterprise, and the only handle an operation gets: it cannot name another enterprise, and
 * row-level security returns this enterprise's rows only.
 */
export type EnterpriseDatabase = Queryable & {
  readonly enterpriseId: string;
  /** The time of changes where a test simulates it; null for the database's clock. */
  readonly simulatedTime: Date | null;
  /** Whether a round trip has authorized the caller. */
  readonly isAuthorized: boolean;
  /** As of the last round trip; throws before the first. */
  readonly session: Session;
  /**
   * Runs the last statements of a write. Where nothing follows them they are sent together with the commit, so that the
   * locks they take are not held for another round trip.
   */
  batchAndCommit: Queryable["batch"];
  /**
   * Streams rows as `TextRow`s, `rowsPerRead` at a time, from one snapshot. `timeout`, in PostgreSQL's
   * notation, overrides the usual limit on the duration of a read.
   */
  stream(query: Query<unknown>, rowsPerRead: number, timeout?: string): AsyncGenerator<TextRow[]>;
};

const asWritten = (text: string): string => text;
const idsDecoded = {
  getTypeParser: (type: number) => decoderOf(type) ?? asWritten,
} as unknown as pg.CustomTypesConfig;

/**
 * Enters the enterprise and loads the caller in one statement. The lateral subquery with its limit forces the settings,
 * which row-level security depends on, to run first; otherwise the caller would not be found.
 */
const enter = (caller: Caller): Sql<CallerRow> =>
  sql`with entering as materialized (select set_config('clientele.enterprise_id', ${caller.enterpriseId}::bigint::text, true)::bigint as key,
        set_config('clientele.person_id', ${caller.kind === "person" ? caller.id : ""}, true) as person_id)
      select known.* from entering left join lateral (${loadCaller(caller)}) known on true`;

function loadCaller(caller: Caller): Sql {
  switch (caller.kind) {
    case "operator":
      return operatorQuery(caller);
    case "app":
      return appQuery(caller);
    case "person":
      return personQuery(caller);
  }
}

const operatorQuery = ({
  enterpriseId,
}: Caller): Sql => sql`select e.definitions_revision, '' as name, null as role,
    ${scopes}::text[] as scopes, null::uuid[] as company_ids, true as company_known
  from enterprises e where e.key = entering.key and e.id = ${enterpriseId} limit 1`;

const companyKnown = (enterpriseId: string, companyId: string | null): Sql =>
  sql`${companyId}::uuid is null or exists (
        select from companies c where c.enterprise_id = ${enterpriseId} and c.id = ${companyId}
      ) as company_known`;

const appQuery = ({ enterpriseId, ...app }: Caller & { kind: "app" }): Sql =>
  sql`select e.definitions_revision, a.name, null as role, a.scopes, a.company_ids,
        ${companyKnown(enterpriseId, app.companyId)}
      from enterprises e join apps a on a.enterprise_id = e.key
      where e.key = entering.key and e.id = ${enterpriseId} and a.enterprise_id = ${enterpriseId} and a.id = ${app.id}
        and a.secret_version = ${app.secretVersion} and a.revoked_at is null
      limit 1`;

/** The session belongs to the caller and has not expired, and the membership exists. */
const personQuery = ({ enterpriseId, ...person }: Caller & { kind: "person" }): Sql =>
  sql`select e.definitions_revision, m.name, m.role, null::text[] as scopes, m.company_ids,
        ${companyKnown(enterpriseId, person.companyId)}
      from enterprises e join members m on m.enterprise_id = e.key
        join people_sessions s on s.person_id = entering.person_id
      where e.key = entering.key and e.id = ${enterpriseId} and m.enterprise_id = ${enterpriseId} and m.person_id = ${person.id}
        and m.removed_at is null and s.id = ${person.sessionId} and s.expires_at > now()
      limit 1`;

type CallerRow = {
  /** Null when the caller does not exist. */
  definitions_revision: number | null;
  name: string;
  role: Role | null;
  scopes: string[] | null;
  company_ids: string[] | null;
  company_known: boolean;
};

/** Throws for a caller that is unknown or revoked, lacks the scope, or may not act for the named company. */
function authorize(caller: Caller, answer: Answer | undefined): Session {
  const [row] = answer ? rowsOf<CallerRow>(answer) : [];
  if (!row || row.definitions_revision === null) throw new Problem("TOKEN_INVALID");
  const scopes = row.role === null ? (row.scopes ?? []) : scopesOf(row.role);
  // The token carries the scopes of the time it was issued; the current ones count.
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

// A portal that is read in parts never gets the parallel workers it was planned with. Its first rows come at once where
// an index has their order, and after all of them are read where a sort has.
const planOfStream = sql`select set_config('max_parallel_workers_per_gather', '0', true),
  set_config('enable_sort', 'off', true)`;

/**
 * Reads for the caller. Each query authorizes the caller and returns its rows in one round trip and one transaction.
 */
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
    simulatedTime: simulatedTimeOf(pool),
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
    batchAndCommit() {
      throw new Error("A read does not commit.");
    },
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
          planOfStream,
          ...(timeout === undefined ? [] : [sql`select set_config('statement_timeout', ${timeout}, true)`]),
        ];
        const [, known] = await sendBatch(client, [begin, entering, ...settings.map(unnamed)]);
        session = authorize(caller, known);
        const [values = []] = await encoded(client, [statement]);
        const cursor = client.query(
          new Cursor<(string | null)[]>(statement.text, [...values], {
            rowMode: "array",
            types: idsDecoded,
          }),
        );
        // Reads one batch ahead: the database fetches while the current rows are sent.
        let ahead = cursor.read(rowsPerRead);
        for (;;) {
          const rows = await ahead;
          if (rows.length === 0) break;
          const isLast = rows.length < rowsPerRead;
          if (!isLast) {
            ahead = cursor.read(rowsPerRead);
            // Prevents an unhandled rejection when the consumer has stopped reading.
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
        // An interrupted reader leaves a portal and a transaction open: the connection is closed instead.
        client.release(broken);
      }
    },
  };
}

export type WriteOptions = {
  /** Definitions (fields, categories, tags) change: wait for customer writes that use the old definitions. */
  changesDefinitions?: boolean;
  /**
   * A dry run takes no lock, so it neither waits for writes nor blocks them. It reads one snapshot; definitions and the
   * customers affected by them change in one transaction, so the snapshot has both or neither. The change itself checks
   * again, under its lock.
   */
  isDryRun?: boolean;
  /** Nothing is written after `work` calls `batchAndCommit`. */
  mayCommitEarly?: boolean;
  /** The statement that creates the enterprise, run first. */
  createEnterprise?: Sql;
};

const attemptsMax = 5;

/**
 * One write transaction of the caller. `work` must be a pure function of its input: a transaction that fails with a
 * serialization error, or for lack of an epoch, is rolled back and `work` runs again, at most five times.
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
      if (attempt < attemptsMax && isWithoutEpoch(error)) {
        await beginEpoch(pool);
        continue;
      }
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
  let committed = false;
  let broken = false;
  const sendAndCommit = async (statements: readonly Statement[]): Promise<readonly Answer[]> => {
    committing = true;
    const answers = await sendBatch(client, [...statements, named(sql`commit`)]).catch((error) => {
      // A statement that failed has kept the commit from running: `work` may roll back to a savepoint.
      if (sqlstateOf(error) !== undefined) committing = connectionIsLost(error);
      throw error;
    });
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, without an error.
    if (answers.at(-1)?.tag !== "COMMIT")
      throw new Error("The transaction was rolled back: an error in it was swallowed.");
    committed = true;
    return answers;
  };
  try {
    const answers = await sendBatch(client, [
      ...beginning(caller.enterpriseId, options).map(named),
      ...(options.createEnterprise ? [named(options.createEnterprise)] : []),
      named(enter(caller)),
    ]);
    const session = authorize(caller, answers.at(-1));
    const send = (statements: readonly Statement[]) => {
      if (committed) throw new Error("A statement follows the commit.");
      return sendBatch(client, statements);
    };
    const result = await work({
      enterpriseId: caller.enterpriseId,
      simulatedTime: simulatedTimeOf(pool),
      isAuthorized: true,
      session,
      ...queryable(statementOf, send),
      batchAndCommit: queryable(statementOf, options.mayCommitEarly ? sendAndCommit : send).batch,
      stream() {
        throw new Error("A write transaction does not stream.");
      },
    });
    if (!committed) await sendAndCommit([]);
    return result;
  } catch (error) {
    broken = connectionIsLost(error);
    // The connection of a failed transaction (25P02) still works: a rollback releases its locks at once instead of when
    // the server notices the closed connection.
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
