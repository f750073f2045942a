import type { Static } from "@clientele/contract/formats";
import type { Change as WireChange } from "@clientele/contract/history";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { objects, type Sql, sql } from "../database/sql.ts";
import type { Subject } from "./append.ts";

/** A change as it is kept: `before` and `after` hold the attributes that changed, null for no record. */
export type StoredChange<Snapshot> = Omit<Static<typeof WireChange>, "at" | "changes"> & {
  at: Date;
  before: Snapshot | null;
  after: Snapshot | null;
};

/** A page of what happened to one record, newest first, and how much it is in all. */
export async function listChanges<Snapshot>(
  database: EnterpriseDatabase,
  subject: Subject,
  subjectId: Sql,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ changes: StoredChange<Snapshot>[]; total: number }> {
  const { enterpriseId } = database;
  const matching = sql`c.enterprise_id = ${enterpriseId} and c.subject_id = ${subjectId} and c.subject = ${subject}`;
  const [changes, counted] = await database.batch([
    sql`select c.id::text, c.at, c.kind, c.reason, c.version, c.app_id as "appId",
          coalesce(a.name, '') as "appName", c.company_id as "companyId", c.import_line as "importLine",
          c.request_id as "requestId", c.before, c.after
        from changes c left join apps a on (a.enterprise_id, a.id) = (c.enterprise_id, c.app_id)
        where ${matching} order by c.id desc offset ${offset} limit ${limit}`,
    sql`select count(*) as total from changes c where ${matching}`,
  ]);
  return { changes: objects(changes!), total: objects<{ total: number }>(counted!)[0]!.total };
}

type ChangeSince<Snapshot> = {
  subjectId: string;
  kind: string;
  version: number;
  importId: string | null;
  before: Snapshot | null;
  after: Snapshot | null;
};

/** What happened to records since an import first changed them, the oldest first, that change among it. */
export const changesSince = <Snapshot>(
  database: EnterpriseDatabase,
  subject: Subject,
  subjectIds: readonly string[],
  importId: string,
): Promise<ChangeSince<Snapshot>[]> =>
  database.query(
    sql`select c.subject_id as "subjectId", c.kind, c.version, c.import_id as "importId", c.before, c.after
        from unnest(${subjectIds}::text[]) as s(id) cross join lateral (
          select min(f.id) as id from changes f where f.enterprise_id = ${database.enterpriseId}
            and f.subject_id = s.id and f.subject = ${subject} and f.import_id = ${importId}
        ) first join changes c on c.enterprise_id = ${database.enterpriseId} and c.subject_id = s.id
          and c.subject = ${subject} and c.id >= first.id
        order by c.id`,
  );

/** The last text that records had under an attribute, those that are gone too: by record. */
export async function lastTexts(
  database: EnterpriseDatabase,
  attribute: string,
  subjectIds: readonly string[],
): Promise<Map<string, string>> {
  if (subjectIds.length === 0) return new Map();
  const rows = await database.query<{ subjectId: string; text: string }>(
    sql`select distinct on (subject_id) subject_id as "subjectId",
          coalesce(after ->> ${attribute}, before ->> ${attribute}) as text
        from changes
        where enterprise_id = ${database.enterpriseId} and subject_id = any(${subjectIds}::text[])
          and coalesce(after ->> ${attribute}, before ->> ${attribute}) is not null
        order by subject_id, id desc`,
  );
  return new Map(rows.map(({ subjectId, text }) => [subjectId, text]));
}
