import { raw, type Sql, sql } from "../../database/sql.ts";

/** The condition of belonging to one of these companies, for a query of `customers c`: to have events there. */
export const hasEventsAt = (enterpriseId: string, companyIds: readonly string[]): Sql =>
  sql`exists (select from events b
        where b.enterprise_id = ${enterpriseId} and b.company_id = any(${companyIds}::text[])
          and b.customer_id = c.id)`;

/**
 * The ids of all that do, each once, or of each company so many at most. A company is read in the order of its
 * customers, and no further than that takes.
 */
export function customersAt(enterpriseId: string, companyIds: readonly string[], most = raw("all")): Sql {
  const at = (companyId: Sql) =>
    sql`select b.customer_id as id from events b
        where b.enterprise_id = ${enterpriseId} and b.company_id = ${companyId} and b.customer_id is not null
        group by b.customer_id limit ${most}`;
  const [companyId, ...others] = companyIds;
  return companyId !== undefined && others.length === 0
    ? at(sql`${companyId}`)
    : sql`select distinct theirs.id from unnest(${companyIds}::text[]) as company(id)
            cross join lateral (${at(sql`company.id`)}) theirs`;
}
