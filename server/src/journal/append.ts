import type { Call } from "../call.ts";
import { type Sql, sql } from "../database/sql.ts";

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

/** The statement that appends changes, sent in the transaction that makes them. */
export const append = (
  author: Author,
  subject: Subject,
  reason: string,
  changes: readonly Change[],
  importId?: string,
): Sql =>
  appendFrom(
    author,
    subject,
    reason,
    sql`json_to_recordset(${JSON.stringify(changes)}::json)
      as r("subjectId" text, kind text, version integer, "importLine" integer, before jsonb, after jsonb)`,
    importId,
  );

/**
 * The statement that appends changes made by SQL: `source` follows a `from` and has the attributes of a Change as
 * columns.
 */
export const appendFrom = (
  author: Author,
  subject: Subject,
  reason: string,
  source: Sql,
  importId?: string,
): Sql =>
  sql`insert into changes (enterprise_id, at, subject, subject_id, kind, version, reason, app_id, person_id, company_id,
        import_line, import_id, request_id, before, after)
      select ${author.database.enterpriseId}, ${author.now}, ${subject}, "subjectId", kind, version, ${reason},
        ${author.appId}, ${author.personId}, ${author.companyId}, "importLine", ${importId ?? null}, ${author.requestId}, before,
        after
      from ${source}`;
