import type { Static } from "@clientele/contract/formats";
import type { Change as WireChange } from "@clientele/contract/history";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { empty, maybeOne, one, type Sql, sql } from "../database/sql.ts";
import type { Subject } from "./append.ts";

/** A stored change: `before` and `after` hold the changed attributes, null for no record. */
export type StoredChange<Snapshot> = Omit<Static<typeof WireChange>, "at" | "changes"> & {
  number: number;
  subject: Subject;
  subjectId: string;
  at: Date;
  before: Snapshot | null;
  after: Snapshot | null;
};

/** The id of `changes c` on the wire: larger for a later change, and never the same in two epochs. */
export const changeId = sql`(c.number << 24 | c.epoch)::text`;

const listedColumns = sql`${changeId} as id, c.number, c.subject, c.subject_id as "subjectId", c.at, c.kind, c.reason, c.version, c.app_id as "appId",
  coalesce(a.name, '') as "appName", c.person_id as "personId", coalesce(p.name, '') as "personName", c.company_id as "companyId", c.import_id as "importId",
  c.import_line as "importLine", c.request_id as "requestId", c.before, c.after`;

const withCaller = sql`changes c left join apps a on (a.enterprise_id, a.id) = (c.enterprise_id, c.app_id)
  left join members p on (p.enterprise_id, p.person_id) = (c.enterprise_id, c.person_id)`;

/** The condition on `changes c` that selects those of one record. */
export const changesOf = (
  { enterpriseId }: Pick<EnterpriseDatabase, "enterpriseId">,
  subject: Subject,
  subjectId: Sql,
): Sql => sql`c.enterprise_id = ${enterpriseId} and c.subject_id = ${subjectId} and c.subject = ${subject}`;

/** A page of a record's changes, newest first, and their total. */
export async function listChanges<Snapshot>(
  database: EnterpriseDatabase,
  subject: Subject,
  subjectId: Sql,
  { offset, limit, lastNumber }: { offset: number; limit: number; lastNumber?: number | undefined },
): Promise<{ changes: StoredChange<Snapshot>[]; total: number }> {
  const until = lastNumber === undefined ? empty : sql` and c.number <= ${lastNumber}`;
  const matching = sql`${changesOf(database, subject, subjectId)}${until}`;
  const [changes, { total }] = await database.batch([
    sql<
      StoredChange<Snapshot>
    >`select ${listedColumns} from ${withCaller} where ${matching} order by c.number desc offset ${offset} limit ${limit}`,
    one(sql<{ total: number }>`select count(*) as total from changes c where ${matching}`),
  ]);
  return { changes, total };
}

/** The changes of a record with these numbers. */
export const changesByNumber = <Snapshot>(
  database: EnterpriseDatabase,
  subject: Subject,
  subjectId: string,
  numbers: readonly number[],
): Promise<StoredChange<Snapshot>[]> =>
  database.many(
    sql<StoredChange<Snapshot>>`select ${listedColumns} from ${withCaller}
        where ${changesOf(database, subject, sql`${subjectId}`)} and c.number = any(${numbers}::bigint[])`,
  );

/** A change's identity, without its content. */
export type Moment = {
  number: number;
  subjectId: string;
  kind: "created" | "updated" | "deleted";
  version: number;
  at: Date;
};

/** The last change of a record before a time or up to a version, and the oldest stored one. */
export async function lastChange(
  database: EnterpriseDatabase,
  subject: Subject,
  subjectId: Sql,
  until: { before: Date } | { version: number } | null,
): Promise<{ last: Moment | undefined; first: Moment | undefined }> {
  const matching = changesOf(database, subject, subjectId);
  const columns = sql`c.number, c.subject_id as "subjectId", c.kind, c.version, c.at`;
  const bound =
    until === null
      ? empty
      : "before" in until
        ? sql` and c.at < ${until.before}`
        : sql` and c.version <= ${until.version}`;
  const [last, first] = await database.batch([
    maybeOne(
      sql<Moment>`select ${columns} from changes c where ${matching}${bound} order by c.number desc limit 1`,
    ),
    maybeOne(sql<Moment>`select ${columns} from changes c where ${matching} order by c.number limit 1`),
  ]);
  return { last, first };
}

/**
 * The value that records had under a text attribute at the time of a change: only of records where it has changed
 * since.
 */
export async function textsAt(
  database: EnterpriseDatabase,
  attribute: string,
  subjectIds: readonly string[],
  number: number,
): Promise<Map<string, string>> {
  if (subjectIds.length === 0) return new Map();
  const rows = await database.many(
    sql<{
      subjectId: string;
      text: string;
    }>`select distinct on (subject_id) subject_id as "subjectId", before ->> ${attribute} as text
        from changes
        where enterprise_id = ${database.enterpriseId} and subject_id = any(${subjectIds}::uuid[])
          and number > ${number} and before ? ${attribute}
        order by subject_id, number`,
  );
  return new Map(rows.map(({ subjectId, text }) => [subjectId, text]));
}

type ChangeSince<Snapshot> = {
  number: number;
  subject: Subject;
  subjectId: string;
  kind: string;
  version: number;
  at: Date;
  importId: string | null;
  before: Snapshot | null;
  after: Snapshot | null;
};

/** The changes of records since an import first changed them, the oldest first, including that change. */
export const changesSince = <Snapshot>(
  database: EnterpriseDatabase,
  subject: Subject,
  subjectIds: readonly string[],
  importId: string,
): Promise<ChangeSince<Snapshot>[]> =>
  database.many(
    sql<
      ChangeSince<Snapshot>
    >`select c.number, c.subject, c.subject_id as "subjectId", c.kind, c.version, c.at, c.import_id as "importId", c.before, c.after
        from unnest(${subjectIds}::uuid[]) as s(id) cross join lateral (
          select min(f.number) as number from changes f where f.enterprise_id = ${database.enterpriseId}
            and f.subject_id = s.id and f.subject = ${subject} and f.import_id = ${importId}
        ) first join changes c on c.enterprise_id = ${database.enterpriseId} and c.subject_id = s.id
          and c.subject = ${subject} and c.number >= first.number
        order by c.number`,
  );

/** The last value of a text attribute by record, deleted records included. */
export async function lastTexts(
  database: EnterpriseDatabase,
  attribute: string,
  subjectIds: readonly string[],
): Promise<Map<string, string>> {
  if (subjectIds.length === 0) return new Map();
  const rows = await database.many(
    sql<{ subjectId: string; text: string }>`select distinct on (subject_id) subject_id as "subjectId",
          coalesce(after ->> ${attribute}, before ->> ${attribute}) as text
        from changes
        where enterprise_id = ${database.enterpriseId} and subject_id = any(${subjectIds}::uuid[])
          and coalesce(after ->> ${attribute}, before ->> ${attribute}) is not null
        order by subject_id, number desc`,
  );
  return new Map(rows.map(({ subjectId, text }) => [subjectId, text]));
}
