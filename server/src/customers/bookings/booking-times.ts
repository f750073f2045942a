import { raw, type Sql, sql } from "../../database/sql.ts";

/**
 * Two columns for a query of `customers c`: the start of the first and of the last booking, null without any.
 */
export const bookingTimes = (enterpriseId: string): Sql => {
  const firstStart = (direction: "asc" | "desc") =>
    sql`(select b.start_at from events b
      where b.enterprise_id = ${enterpriseId} and b.customer_id = c.id and b.type = 'booking'
      order by b.start_at ${raw(direction)} limit 1)`;
  return sql`${firstStart("asc")}, ${firstStart("desc")}`;
};
