import { raw, type Sql, sql } from "../../database/sql.ts";

/**
 * Condition on `customers c`: has an event at one of the companies. `offset 0` keeps it a look-up per customer: as a join,
 * it may read all events.
 */
export const hasEventsAt = (enterpriseId: string, companyIds: readonly string[]): Sql =>
  sql`exists (select from events b
        where b.enterprise_id = ${enterpriseId} and b.company_id = any(${companyIds}::uuid[])
          and b.customer_id = c.id offset 0)`;

/**
 * The distinct ids of customers with events at the companies, at most `limit` per company. Each company is
 * read in customer order and stops at the limit.
 */
export function customerIdsAt(enterpriseId: string, companyIds: readonly string[], limit = raw("all")): Sql {
  const idsAtCompany = (companyId: Sql) =>
    sql`select b.customer_id as id from events b
        where b.enterprise_id = ${enterpriseId} and b.company_id = ${companyId} and b.customer_id is not null
        group by b.customer_id limit ${limit}`;
  const [companyId, ...others] = companyIds;
  return companyId !== undefined && others.length === 0
    ? idsAtCompany(sql`${companyId}`)
    : sql`select distinct theirs.id from unnest(${companyIds}::uuid[]) as company(id)
            cross join lateral (${idsAtCompany(sql`company.id`)}) theirs`;
}
