import type { Call } from "../call.ts";
import { type Sql, sql } from "../database/sql.ts";
import { appendFrom } from "../journal/append.ts";
import { raiseVersions, withVersion } from "./version-store.ts";

// The exclusive lock on definitions keeps other writers out, so each statement finds the same customers.

/** The customers with the tag. Row-level security hides the tag index from `customers`, not from this view. */
const taggedWith = (enterpriseId: string, tagId: string): Sql =>
  sql`select id from customer_search where enterprise_id = ${enterpriseId} and tag_ids && array[${tagId}]::uuid[]`;

const allowLongStatements = sql`select set_config('statement_timeout', '10min', true)`;

/** Raises the versions of all customers with a renamed tag, whose name is part of their JSON. */
export const renameTag = (call: Call, tagId: string): Sql[] => [
  allowLongStatements,
  raiseVersions(call, taggedWith(call.database.enterpriseId, tagId)),
];

/**
 * Removes a tag from every customer in three statements, at some thousand customers a second, because every index is
 * updated.
 */
export const removeTag = (call: Call, tagId: string): Sql[] => {
  const { enterpriseId } = call.database;
  const tagged = sql`c.enterprise_id = ${enterpriseId} and c.id in (${taggedWith(enterpriseId, tagId)})`;
  return [
    allowLongStatements,
    sql`with ${appendFrom(call, "customer", "tag_deleted", {
      rows: sql`(
        select c.id as "subjectId", 'updated' as kind, v.version + 1 as version, null::integer as "importLine",
          jsonb_build_object('tagIds', texts_of_ids(c.tag_ids)) as before,
          jsonb_build_object('tagIds', texts_of_ids(array_remove(c.tag_ids, ${tagId}))) as after
        from customers c ${withVersion(enterpriseId)} where ${tagged}) as untagged`,
      count: sql`select count(*) from customers c where ${tagged}`,
    })}`,
    raiseVersions(call, taggedWith(enterpriseId, tagId)),
    sql`update customers c set tag_ids = array_remove(c.tag_ids, ${tagId}) where ${tagged}`,
  ];
};
