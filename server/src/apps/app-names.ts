import { type Sql, sql } from "../database/sql.ts";

/** The apps of all enterprises by name, to join. */
export const appNames: Sql = sql`(select enterprise_id, id, name from apps)`;

/** Moves the last use of apps of any enterprise forward; `uses` is a table of `enterprise_id`, `id` and `at`. */
export const recordUse = (uses: Sql): Sql =>
  sql`update apps a set last_used_at = used.at from ${uses} used
      where a.enterprise_id = used.enterprise_id and a.id = used.id
        and used.at > coalesce(a.last_used_at, '-infinity')`;
