import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { one, type Sql, sql } from "../database/sql.ts";
import type { Subject } from "./append.ts";
import { changeId } from "./changes.ts";

/**
 * The position of a reader in the journal: the last change that it has read. Changes have consecutive numbers and become
 * visible in their order, so those after the position are all that the reader has not seen. The epoch tells whether this
 * database still has the change, or another one under its number.
 */
export type FeedPosition = {
  /** 0 before the first change. */
  number: number;
  epoch: number;
  /** The time of the change: earlier partitions have nothing that follows. */
  atMs: number;
};

export type FedChange = {
  number: number;
  id: string;
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

/** Why changes are missing after a position: retention dropped them, or they were lost and others have their numbers. */
export type FeedGap = "dropped" | "lost";

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

/** Before the oldest stored change. */
export const fromBeginning = null;

const millisecondsOf = (time: Sql): Sql => sql`floor(extract(epoch from ${time}) * 1000)::bigint`;

const lastPosition = ({ enterpriseId }: EnterpriseDatabase): Sql<FeedPosition> =>
  sql`select p.number, p.epoch, ${millisecondsOf(sql`p.at`)} as "atMs" from positions p
      where p.enterprise_id = ${enterpriseId}`;

/** The position from which only future changes follow. */
export const fromNow = (database: EnterpriseDatabase): Promise<FeedPosition> =>
  database.one(lastPosition(database));

type ScannedChange = Omit<FedChange, "next"> &
  FeedPosition & { previousEpoch: number | null; isIncluded: boolean };

/**
 * The next changes after a position: each exactly once, none missing, regardless of concurrent writes. Returns the gap
 * instead where the changes after the position are not those that followed it.
 */
export async function readFeed(
  database: EnterpriseDatabase,
  position: FeedPosition | null,
  { limit, subjects, filter }: FeedOptions,
): Promise<FeedPage | FeedGap> {
  const isIncluded =
    filter ?? (subjects === undefined ? sql`true` : sql`c.subject = any(${subjects}::text[])`);
  const [last, stored, scanned] = await database.batch([
    one(lastPosition(database)),
    storedEpoch(database, position),
    changesAfter(database, position, limit, isIncluded),
  ]);
  if (position !== null) {
    const epoch = stored[0]?.epoch ?? epochBefore(scanned[0], position) ?? epochAt(last, position);
    if (epoch !== position.epoch) return gapAfter(database, position, last);
  }
  const changes = scanned.flatMap(
    ({ isIncluded: isThis, previousEpoch: _, number, epoch, atMs, ...change }) =>
      isThis ? [{ ...change, number, next: { number, epoch, atMs } }] : [],
  );
  const { number, epoch, atMs } = scanned.at(-1) ?? position ?? last;
  return { changes, next: { number, epoch, atMs }, isCaughtUp: scanned.length < limit };
}

const epochAt = (last: FeedPosition, { number }: FeedPosition): number | undefined =>
  last.number === number ? last.epoch : undefined;

/** The epoch of the change at the position if that is dropped already and the one after it is stored. */
const epochBefore = (next: ScannedChange | undefined, { number }: FeedPosition): number | undefined =>
  next?.number === number + 1 ? (next.previousEpoch ?? next.epoch) : undefined;

const storedEpoch = (
  { enterpriseId }: EnterpriseDatabase,
  position: FeedPosition | null,
): Sql<{ epoch: number }> =>
  sql`select c.epoch from changes c where c.enterprise_id = ${enterpriseId}
        and c.number = ${position?.number ?? 0} and c.at >= ${new Date(position?.atMs ?? 0)}`;

/** Numbers are consecutive, so a range of them has the length of the page: no plan reads more. */
const changesAfter = (
  { enterpriseId }: EnterpriseDatabase,
  position: FeedPosition | null,
  limit: number,
  isIncluded: Sql,
): Sql<ScannedChange> => {
  const after =
    position === null
      ? sql`(select min(number) - 1 from changes where enterprise_id = ${enterpriseId})`
      : sql`${position.number}::bigint`;
  return sql`select c.number, c.epoch, c.previous_epoch as "previousEpoch", ${millisecondsOf(sql`c.at`)} as "atMs",
        ${changeId} as id, c.at, c.subject, c.subject_id as "subjectId", c.kind, c.version, c.reason,
        c.app_id as "appId", coalesce(a.name, '') as "appName",
        c.person_id as "personId", coalesce(p.name, '') as "personName", c.company_id as "companyId",
        c.import_id as "importId", c.import_line as "importLine", c.request_id as "requestId",
        case when ${isIncluded} then c.before end as before, case when ${isIncluded} then c.after end as after,
        ${isIncluded} as "isIncluded"
      from changes c left join apps a on (a.enterprise_id, a.id) = (c.enterprise_id, c.app_id)
        left join members p on (p.enterprise_id, p.person_id) = (c.enterprise_id, c.person_id)
      where c.enterprise_id = ${enterpriseId} and c.number > ${after} and c.number <= ${after} + ${limit}::integer
        and c.at >= ${new Date(position?.atMs ?? 0)}
      order by c.number`;
};

/** Numbers below the oldest stored one were dropped; any other number that does not continue was lost. */
async function gapAfter(
  database: EnterpriseDatabase,
  { number }: FeedPosition,
  last: FeedPosition,
): Promise<FeedGap> {
  const { oldest } = await database.one(
    sql<{ oldest: number | null }>`select min(number) as oldest from changes
        where enterprise_id = ${database.enterpriseId}`,
  );
  return number < (oldest ?? last.number + 1) - 1 ? "dropped" : "lost";
}
