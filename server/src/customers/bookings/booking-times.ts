import { raw, type Sql, sql } from "../../database/sql.ts";

/** Two columns for a query of `customers c`: when the first and the last booking of each starts. Null without any. */
export const bookingTimes = (enterpriseId: string): Sql => {
  const outermost = (direction: "asc" | "desc") =>
    sql`(select b.start_at from events b
      where b.enterprise_id = ${enterpriseId} and b.customer_id = c.id and b.type = 'booking'
      order by b.start_at ${raw(direction)} limit 1)`;
  return sql`${outermost("asc")}, ${outermost("desc")}`;
};
