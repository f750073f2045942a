import { type Sql, sql } from "../database/sql.ts";

/** Current and former members by name, to join. */
export const personNames: Sql = sql`(select enterprise_id, person_id as id, name from members)`;
