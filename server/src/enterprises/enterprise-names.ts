import { type Sql, sql } from "../database/sql.ts";

/** Enterprises by name, to join. */
export const enterpriseNames: Sql = sql`(select key, id, name from enterprises)`;

/** The enterprises of the installation, to join: for roles that may not see their names. */
export const enterpriseIds: Sql = sql`(select key, id from enterprises)`;
