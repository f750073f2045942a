import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";
import type { Subject } from "./append.ts";
import { changesOf } from "./changes.ts";

/** The moment right after a change of a record. */
export type MomentOfRecord = { number: number; subjectId: string; at: Date };

/** All changes of a record since a moment, as one: reverting it gives the record as it was then. */
export type LaterChanges<Snapshot> = {
  number: number;
  /** The attributes that have changed since, as they were; all of them for `deleted`. */
  before: Snapshot;
  /** `deleted` if the record was deleted since, even if it was recreated. */
  kind: "updated" | "deleted";
};

/**
 * Selects the changes since each moment up to the next deletion, merged: the first change of an attribute has its value
 * at the moment. Attributes in `values` are merged one by one. Moments without later changes have no row.
 */
export const selectLaterChanges = <Snapshot>(
  database: Pick<EnterpriseDatabase, "enterpriseId">,
  subject: Subject,
  moments: readonly MomentOfRecord[],
): Sql<LaterChanges<Snapshot>> =>
  sql`select m.number, l.kind, l.before
      from unnest(${moments.map(({ number }) => number)}::bigint[],
          ${moments.map(({ subjectId }) => subjectId)}::uuid[], ${moments.map(({ at }) => at)}::timestamptz[])
        as m(number, subject_id, at)
      cross join lateral (
        select case when bool_or(c.kind = 'deleted') then 'deleted' else 'updated' end as kind,
          coalesce(jsonb_object_agg(e.key, e.value order by c.number desc) filter (where not e.is_value), '{}')
            || jsonb_build_object('values',
              coalesce(jsonb_object_agg(e.key, e.value order by c.number desc) filter (where e.is_value), '{}')) as before
        from (
          select c.number, c.kind, c.before, min(c.number) filter (where c.kind = 'deleted') over () as deletion
          from changes c
          where ${changesOf(database, subject, sql`m.subject_id`)} and c.number > m.number and c.at >= m.at
        ) c cross join lateral (
          select key, value, false as is_value from jsonb_each(c.before - 'values')
          union all select key, value, true from jsonb_each(c.before -> 'values')
        ) e
        where c.deletion is null or c.number <= c.deletion
        having count(*) > 0
      ) l`;
