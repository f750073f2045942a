import { type Sql, sql } from "../database/sql.ts";

/** One company alone is read in the order of its customers. */
const at = (enterpriseId: string, companyIds: readonly string[]): Sql =>
  companyIds.length === 1
    ? sql`b.enterprise_id = ${enterpriseId} and b.company_id = ${companyIds[0]!}`
    : sql`b.enterprise_id = ${enterpriseId} and b.company_id = any(${companyIds}::text[])`;

/** The condition of belonging to one of these companies, for a query of `customers c`: to have events there. */
export const hasEventsAt = (enterpriseId: string, companyIds: readonly string[]): Sql =>
  sql`exists (select from events b where ${at(enterpriseId, companyIds)} and b.customer_id = c.id)`;

/** The ids of all that do, each once. */
export const customersAt = (enterpriseId: string, companyIds: readonly string[]): Sql =>
  sql`select b.customer_id as id from events b
      where ${at(enterpriseId, companyIds)} and b.customer_id is not null group by b.customer_id`;
