import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { objects, sql } from "../database/sql.ts";
import type { Subject } from "./append.ts";

/**
 * How far a reader of the journal has come. What a transaction adds becomes visible as a whole when it commits, in
 * an order of its own: so a position is not an id but a snapshot, of what its reader has seen. The reader goes on
 * with the difference between that snapshot and a later one, in the order of ids; a change of a record is visible
 * wherever a later change of the same record is, so no difference ever parts them the wrong way round.
 */
export type FeedPosition = {
  /** The snapshot of what was seen, `xmin:xmax:xip,…`; null when nothing was. */
  seen: string | null;
  /** The snapshot whose difference to `seen` is being read; null between two differences. */
  until: string | null;
  /** The id in that difference after which reading goes on. */
  after: number;
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
  companyId: string | null;
  importId: string | null;
  importLine: number | null;
  requestId: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

export type FeedPage = {
  changes: FedChange[];
  next: FeedPosition;
  /** There was nothing more when this was read. */
  isCaughtUp: boolean;
};

export const fromBeginning: FeedPosition = { seen: null, until: null, after: 0 };

/** The position of a reader who wants to know what happens from now on. */
export async function fromNow(database: EnterpriseDatabase): Promise<FeedPosition> {
  const [row] = await database.query<{ now: string }>(sql`select pg_current_snapshot()::text as now`);
  return { seen: row!.now, until: null, after: 0 };
}

/** The next changes behind a position, at most `limit`: each exactly once, none left out, whoever writes meanwhile. */
export async function readFeed(
  database: EnterpriseDatabase,
  position: FeedPosition,
  limit: number,
): Promise<FeedPage> {
  const begun = position.until === null ? await beginDifference(database, position) : position;
  const { enterpriseId } = database;
  const unseen =
    begun.seen === null ? sql`` : sql` and not pg_visible_in_snapshot(c.transaction_id, ${begun.seen}::pg_snapshot)`;
  const changes = await database.query<FedChange>(
    sql`select c.id, c.at, c.subject, c.subject_id as "subjectId", c.kind, c.version, c.reason, c.app_id as "appId",
          coalesce(a.name, '') as "appName", c.company_id as "companyId", c.import_id as "importId",
          c.import_line as "importLine", c.request_id as "requestId", c.before, c.after
        from changes c left join apps a on (a.enterprise_id, a.id) = (c.enterprise_id, c.app_id)
        where c.enterprise_id = ${enterpriseId} and c.id > ${begun.after}
          and pg_visible_in_snapshot(c.transaction_id, ${begun.until}::pg_snapshot)${unseen}
        order by c.id limit ${limit}`,
  );
  const last = changes.at(-1);
  // A page that is not full is the end of the difference: its snapshot is what has been seen.
  const next =
    changes.length < limit ? { seen: begun.until, until: null, after: 0 } : { ...begun, after: last!.id };
  return { changes, next, isCaughtUp: next.until === null };
}

/** Where the ids begin that the difference between what was seen and what is there now can have. */
async function beginDifference(
  database: EnterpriseDatabase,
  { seen }: FeedPosition,
): Promise<FeedPosition> {
  const { enterpriseId } = database;
  const since =
    seen === null ? sql`` : sql` and transaction_id >= pg_snapshot_xmin(${seen}::pg_snapshot)`;
  const [answer] = await database.batch([
    sql`select pg_current_snapshot()::text as until,
          (select min(id) from changes where enterprise_id = ${enterpriseId}${since}) as first`,
  ]);
  const [row] = objects<{ until: string; first: number | null }>(answer!);
  return { seen, until: row!.until, after: (row!.first ?? Number.MAX_SAFE_INTEGER) - 1 };
}
