import { type Sql, sql } from "../database/sql.ts";

/** The branches of all enterprises by name, to join. */
export const companyNames: Sql = sql`(select enterprise_id, id, name from companies)`;
