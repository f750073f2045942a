import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { one, type Sql, sql } from "../database/sql.ts";
import type { Subject } from "./append.ts";
import { currentSnapshot, idBefore, isIn, type Snapshot } from "./snapshot.ts";

/**
 * The position of a reader in the journal. A transaction's changes become visible together when it commits, in no order
 * of ids, so a position is a snapshot of what its reader has seen, and not an id. The reader continues with the
 * difference between that snapshot and a later one, in the order of ids. A change is visible wherever a later change of
 * the same record is, so differences never reorder a record's changes.
 */
export type FeedPosition = {
  /** The snapshot that was read; null at the beginning. */
  seen: Snapshot | null;
  /** The difference to `seen` that is being read; null between two differences. */
  reading: Difference | null;
};

type Difference = {
  /** The later snapshot. */
  until: Snapshot;
  /** The id in the difference after which reading continues, and an upper bound of its ids. */
  after: number;
  last: number;
};

export type FedChange = {
  id: number;
  at: Date;
  subject: Subject;
  subjectId: string;
  kind: "created" | "updated" | "deleted" | "completed";
  version: number;
  reason: string;
  appId: string | null;
  appName: string;
  personId: string | null;
  personName: string;
  companyId: string | null;
  importId: string | null;
  importLine: number | null;
  requestId: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** The position after this change. */
  next: FeedPosition;
};

export type FeedPage = {
  changes: FedChange[];
  next: FeedPosition;
  /** There were no more changes when this page was read. */
  isCaughtUp: boolean;
};

export type FeedOptions = {
  /** Number of changes to scan. */
  limit: number;
  /** Limits the result to these subjects; without it all are returned. */
  subjects?: readonly Subject[] | undefined;
  /** A condition on the change, `c`, instead of subjects. */
  filter?: Sql | undefined;
};

export const fromBeginning: FeedPosition = { seen: null, reading: null };

/** The position from which only future changes follow. */
export async function fromNow(database: EnterpriseDatabase): Promise<FeedPosition> {
  const row = await database.one(sql<{ now: string }>`select ${currentSnapshot} as now`);
  return { seen: row.now, reading: null };
}

/** The first day with all its changes, as far as the journal has monthly partitions; null without one. */
export async function oldestChangeAt(database: EnterpriseDatabase): Promise<Date | null> {
  const row = await database.one(
    sql<{
      since: Date | null;
    }>`select min(to_date(substring(relname from '\\d{4}_\\d\\d$'), 'YYYY_MM'))::timestamptz as since
        from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = 'changes'::regclass and relname ~ '^changes_\\d{4}_\\d\\d$'`,
  );
  return row.since;
}

/** The next changes after a position: each exactly once, none missing, regardless of concurrent writes. */
export async function readFeed(
  database: EnterpriseDatabase,
  position: FeedPosition,
  { limit, subjects, filter: wanted }: FeedOptions,
): Promise<FeedPage> {
  const { seen, reading: begun } = settled(position);
  const reading = begun ?? (await beginDifference(database, seen));
  const { until, after, last } = reading;
  const isIncluded =
    wanted ?? (subjects === undefined ? sql`true` : sql`c.subject = any(${subjects}::text[])`);
  const unseen = seen === null ? sql`` : sql` and not ${isIn(seen)}`;
  const rowsScanned =
    after >= last
      ? []
      : await database.many(
          sql<
            Omit<FedChange, "next"> & { isIncluded: boolean }
          >`select c.id, c.at, c.subject, c.subject_id as "subjectId", c.kind, c.version, c.reason,
                c.app_id as "appId", coalesce(a.name, '') as "appName",
                c.person_id as "personId", coalesce(p.name, '') as "personName", c.company_id as "companyId",
                c.import_id as "importId", c.import_line as "importLine", c.request_id as "requestId",
                case when ${isIncluded} then c.before end as before, case when ${isIncluded} then c.after end as after,
                ${isIncluded} as "isIncluded"
              from changes c left join apps a on (a.enterprise_id, a.id) = (c.enterprise_id, c.app_id)
                left join members p on (p.enterprise_id, p.person_id) = (c.enterprise_id, c.person_id)
              where c.enterprise_id = ${database.enterpriseId} and c.id > ${after} and c.id <= ${last}
                and ${isIn(until)}${unseen}
              order by c.id limit ${limit}`,
        );
  const changes = rowsScanned.flatMap(({ isIncluded: isThis, ...change }) =>
    isThis ? [{ ...change, next: { seen, reading: { until, last, after: change.id } } }] : [],
  );
  const reached = (rowsScanned.length < limit ? undefined : rowsScanned.at(-1)?.id) ?? last;
  const isRead = reached >= last;
  return {
    changes,
    next: isRead ? { seen: until, reading: null } : { seen, reading: { until, last, after: reached } },
    // The end of a difference that was started earlier does not mean that there are no newer changes.
    isCaughtUp: isRead && begun === null,
  };
}

/** After the last change of a difference, all of it was read. */
const settled = ({ seen, reading }: FeedPosition): FeedPosition =>
  reading && reading.after >= reading.last ? { seen: reading.until, reading: null } : { seen, reading };

const noLimit = "10min";

/** The difference between the snapshot that was read and the current one, and the range of its ids. */
async function beginDifference(database: EnterpriseDatabase, seen: Snapshot | null): Promise<Difference> {
  const { enterpriseId } = database;
  const after = seen === null ? sql`0` : idBefore(enterpriseId, seen);
  const [, row] = await database.batch([
    // A reader that is millions of changes behind waits for one count of them.
    sql`select set_config('statement_timeout', ${noLimit}, true)`,
    one(sql<{
      until: string;
      after: number | null;
      last: number | null;
    }>`select ${currentSnapshot} as until, ${after} as after,
          (select max(id) from changes where enterprise_id = ${enterpriseId}) as last`),
  ]);
  const last = row.last ?? 0;
  return { until: row.until, after: row.after ?? last, last };
}
