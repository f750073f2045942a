import { appNames, recordUse } from "../apps/app-names.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";
import { enterpriseIds } from "../enterprises/enterprise-names.ts";
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
  failed: number;
};

export type EnterpriseUsage = Usage & { enterpriseId: string; lastUsedAt: Date | null };

/**
 * Adds counts of any enterprises, and updates when their apps were last used. Counts of an unknown enterprise are
 * dropped: one of them must not hold up the others.
 */
export const add = (counted: readonly EnterpriseUsage[]): Sql[] => {
  const column = <Key extends keyof EnterpriseUsage>(key: Key) => counted.map((counts) => counts[key]);
  const lastUses = counted.map(({ lastUsedAt }) => lastUsedAt?.toISOString() ?? null);
  const rows = sql`unnest(${column("enterpriseId")}::bigint[], ${column("day")}::date[], ${column("callerKind")}::text[],
      ${column("callerId")}::uuid[], ${column("requests")}::bigint[], ${column("refused")}::bigint[],
      ${column("failed")}::bigint[], ${lastUses}::timestamptz[])
    as r(enterprise_id, day, caller_kind, caller_id, requests, refused, failed, last_used_at)`;
  return [
    // Sorted, so that two processes lock the rows in one order.
    sql`insert into usage (enterprise_id, day, caller_kind, caller_id, requests, refused, failed)
        select e.key, r.day, r.caller_kind, r.caller_id, r.requests, r.refused, r.failed
        from ${enterpriseIds} e join ${rows} on r.enterprise_id = e.key
        order by e.key, r.day, r.caller_kind, r.caller_id
        on conflict (enterprise_id, day, caller_kind, caller_id) do update
          set requests = usage.requests + excluded.requests, refused = usage.refused + excluded.refused,
              failed = usage.failed + excluded.failed`,
    recordUse(
      sql`(select r.enterprise_id, r.caller_id as id, date_trunc('second', max(r.last_used_at)) as at from ${rows}
           where r.caller_kind = 'app' group by 1, 2)`,
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
