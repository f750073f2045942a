import { appNames, recordUse } from "../apps/app-names.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";
import { personNames } from "../people/person-names.ts";

export type CallerKind = "app" | "person";

/** Requests of one caller on one day. */
export type Usage = {
  day: string;
  callerKind: CallerKind;
  callerId: string;
  requests: number;
  /** Answered with 4xx. */
  refused: number;
  /** Answered with 5xx. */
  /** Answered with 5xx. */
  failed: number;
};

/** Adds counts, and updates when apps were last used. */
export const add = (
  enterpriseId: string,
  counted: readonly (Usage & { lastUsedAt: Date | null })[],
): Sql[] => {
  const rows = sql`json_to_recordset(${JSON.stringify(counted)}::json) as r(day date, "callerKind" text,
    "callerId" text, requests bigint, refused bigint, failed bigint, "lastUsedAt" timestamptz)`;
  return [
    sql`insert into usage (enterprise_id, day, caller_kind, caller_id, requests, refused, failed)
        select ${enterpriseId}, day, "callerKind", "callerId", requests, refused, failed from ${rows}
        order by day, "callerKind", "callerId"
        on conflict (enterprise_id, day, caller_kind, caller_id) do update
          set requests = usage.requests + excluded.requests, refused = usage.refused + excluded.refused,
              failed = usage.failed + excluded.failed`,
    recordUse(
      enterpriseId,
      sql`(select "callerId" as id, date_trunc('second', max("lastUsedAt")) as at from ${rows}
           where "callerKind" = 'app' group by 1)`,
    ),
  ];
};

/** Usage by day and caller since a day. The name of a deleted caller is empty. */
export const listSince = (
  database: EnterpriseDatabase,
  since: string,
): Promise<(Usage & { callerName: string })[]> =>
  database.many(
    sql<
      Usage & { callerName: string }
    >`select u.day::text as day, u.caller_kind as "callerKind", u.caller_id as "callerId",
          coalesce(a.name, p.name, '') as "callerName", u.requests, u.refused, u.failed
        from usage u left join ${appNames} a on (a.enterprise_id, a.id) = (u.enterprise_id, u.caller_id)
          left join ${personNames} p on (p.enterprise_id, p.id) = (u.enterprise_id, u.caller_id)
        where u.enterprise_id = ${database.enterpriseId} and u.day >= ${since}::date
        order by u.day, u.requests desc, u.caller_id`,
  );
