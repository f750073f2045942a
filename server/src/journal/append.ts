import type { Call } from "../call.ts";
import { type Sql, sql } from "../database/sql.ts";

/** What happened to one record. `before` and `after` hold the attributes that changed, null for no record. */
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
  | "webhook";

/** The statement that writes changes of one call: to be sent in the transaction that makes them. */
export const append = (
  call: Call,
  subject: Subject,
  reason: string,
  changes: readonly Change[],
  importId?: string,
): Sql =>
  appendFrom(
    call,
    subject,
    reason,
    sql`json_to_recordset(${JSON.stringify(changes)}::json)
      as r("subjectId" text, kind text, version integer, "importLine" integer, before jsonb, after jsonb)`,
    importId,
  );

/**
 * The same for changes that SQL makes: `source` is what follows a `from`, with the attributes of a Change as its
 * columns.
 */
export const appendFrom = (
  call: Call,
  subject: Subject,
  reason: string,
  source: Sql,
  importId?: string,
): Sql =>
  sql`insert into changes (enterprise_id, at, subject, subject_id, kind, version, reason, app_id, person_id, company_id,
        import_line, import_id, request_id, before, after)
      select ${call.database.enterpriseId}, ${call.now}, ${subject}, "subjectId", kind, version, ${reason},
        ${call.appId}, ${call.personId}, ${call.companyId}, "importLine", ${importId ?? null}, ${call.requestId}, before,
        after
      from ${source}`;
