import { type Sql, sql } from "../database/sql.ts";

/** Enterprises by name, to join. */
export const enterpriseNames: Sql = sql`(select id, name from enterprises)`;
