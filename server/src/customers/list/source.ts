import { empty, type Sql, sql } from "../../database/sql.ts";
import { withCustomer, withVersion } from "../version-store.ts";
import type { IndexableCondition } from "./filters.ts";
import { type ListedTable, tableOf } from "./sort.ts";

/** What follows `from`: the rows of `first` are scanned; those of another needed table are looked up by primary key. */
export function sourceOf(enterpriseId: string, first: ListedTable, needed: readonly ListedTable[]): Sql {
  const joinsOther = needed.some((table) => table !== first);
  return first === "customers"
    ? sql`customers c ${joinsOther ? withVersion(enterpriseId) : empty}`
    : sql`customer_versions v ${joinsOther ? withCustomer(enterpriseId) : empty}`;
}

/** The condition for rows of the enterprise. */
export const ownRows = (enterpriseId: string, table: ListedTable): Sql =>
  table === "customers" ? sql`c.enterprise_id = ${enterpriseId}` : sql`v.enterprise_id = ${enterpriseId}`;

export const tablesOf = (conditions: readonly IndexableCondition[]): ListedTable[] =>
  conditions.map(({ column }) => tableOf(column));

/** The table to scan for the customers that meet the conditions. */
export const scannedFor = (conditions: readonly IndexableCondition[]): ListedTable =>
  tablesOf(conditions).includes("customer_versions") && !conditions.some(({ isRare }) => isRare)
    ? "customer_versions"
    : "customers";
