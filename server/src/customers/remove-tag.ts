import type { Call } from "../call.ts";
import { type Sql, sql } from "../database/sql.ts";
import { appendFrom } from "../journal/append.ts";

/**
 * Takes a tag that is being deleted off every customer. It all happens in the database, and takes the time it takes:
 * some thousand customers a second, for every index of theirs is written. Nobody else writes customers meanwhile, for
 * the definitions are held. The function finds them by an index that row-level security keeps from the query itself.
 */
export const untag = (call: Call, tagId: string): Sql[] => {
  const { enterpriseId } = call.database;
  return [
    sql`select set_config('statement_timeout', '10min', true)`,
    sql`with tagged as materialized (
        select id, tag_ids from customers
        where enterprise_id = ${enterpriseId}
          and id in (select matching_customers(null, null, array[${tagId}]::text[], null))
      ), untagged as (
        update customers c
        set tag_ids = array_remove(t.tag_ids, ${tagId}), version = c.version + 1, updated_at = ${call.now}
        from tagged t
        where c.enterprise_id = ${enterpriseId} and c.id = t.id
        returning c.id as "subjectId", 'updated' as kind, c.version, null::integer as "importLine",
          jsonb_build_object('tagIds', t.tag_ids) as before, jsonb_build_object('tagIds', c.tag_ids) as after
      ) ${appendFrom(call, "customer", "tag_deleted", sql`untagged`)}`,
  ];
};
