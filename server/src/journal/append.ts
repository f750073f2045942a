import type { Call } from "../call.ts";
import { uuidOf } from "../database/id-codec.ts";
import { type Sql, sql } from "../database/sql.ts";
import { raisePosition } from "./position.ts";

/** A change of one record. `before` and `after` hold the changed attributes, null for no record. */
export type Change = {
  subjectId: string;
  kind: "created" | "updated" | "deleted" | "completed";
  version: number;
  importLine?: number;
  before: object | null;
  after: object | null;
};

export type Subject =
  | "customer"
  | "custom_field"
  | "category"
  | "tag"
  | "event"
  | "import"
  | "app"
  | "company"
  | "webhook"
  | "person";

/** The author, place and time of a change: a call, the operator, or the service itself. */
export type Author = Pick<Call, "database" | "now" | "appId" | "personId" | "companyId" | "requestId">;

export const operatorOf = (database: Author["database"], now: Date): Author => ({
  database,
  now,
  appId: null,
  personId: null,
  companyId: null,
  requestId: "",
});

/** The statement that appends changes, sent in the transaction that makes them, as late in it as possible. */
export const append = (
  author: Author,
  subject: Subject,
  reason: string,
  changes: readonly Change[],
  importId?: string,
): Sql =>
  sql`with ${appendFrom(
    author,
    subject,
    reason,
    {
      rows: sql`json_to_recordset(${JSON.stringify(changes.map((change) => ({ ...change, subjectId: uuidOf(change.subjectId) })))}::json)
        as r("subjectId" uuid, kind text, version integer, "importLine" integer, before jsonb, after jsonb)`,
      count: sql`${changes.length}`,
    },
    importId,
  )}`;

/** Changes made by SQL: `rows` follows a `from` and has the attributes of a Change as columns. */
export type ChangeSource = { rows: Sql; count: Sql };

/** The end of a statement that begins with CTEs: appends the changes that they make. */
export const appendFrom = (
  author: Author,
  subject: Subject,
  reason: string,
  source: ChangeSource,
  importId?: string,
): Sql =>
  sql`position as (${raisePosition(author.database, source.count)})
    ${insertChanges(author, subject, reason, source.rows, importId)}`;

const insertChanges = (
  author: Author,
  subject: Subject,
  reason: string,
  rows: Sql,
  importId: string | undefined,
): Sql =>
  sql`insert into changes (enterprise_id, number, epoch, previous_epoch, at, subject, subject_id, kind, version,
        reason, app_id, person_id, company_id, import_line, import_id, request_id, before, after)
      select ${author.database.enterpriseId}, position.before + place, position.epoch,
        case when place = 1 then nullif(position.previous_epoch, position.epoch) end, position.at, ${subject},
        "subjectId", kind, version, ${reason}, ${author.appId}, ${author.personId}, ${author.companyId}, "importLine",
        ${importId ?? null}, ${author.requestId}, entry.before, entry.after
      from (select *, row_number() over () as place from ${rows}) as entry left join position on true`;
