import { type Sql, sql } from "../database/sql.ts";

/** Inserts the category that a new enterprise begins with. */
export const insertDefaultCategory = (enterpriseId: string, id: string, name: string, now: Date): Sql =>
  sql`insert into categories (enterprise_id, id, name, translation_key, order_index, is_default, created_at, updated_at)
      values (${enterpriseId}, ${id}, ${name}, 'categories.default', 0, true, ${now}, ${now})`;
