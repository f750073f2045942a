import { type Sql, sql } from "../database/sql.ts";

/** People by name, to join. Row-level security shows those of the enterprise. */
export const personNames: Sql = sql`(select id, name from people)`;
