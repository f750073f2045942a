import { isOn } from "@clientele/contract/formats";
import { type Sql, sql } from "../database/sql.ts";

/** Identifies a customer by our id or by the caller's external id. */
export type CustomerRef = { id: string } | { externalId: string };

/** The reference in a route: `external=1` makes the path parameter an external id. */
export const customerRefOf = (customerId: string, external: unknown): CustomerRef =>
  isOn(external) ? { externalId: customerId } : { id: customerId };

/** The customer's id as an SQL expression; null when no customer matches. */
export const idOfRef = (enterpriseId: string, ref: CustomerRef): Sql =>
  "id" in ref
    ? sql`${ref.id}`
    : sql`(select id from customers where enterprise_id = ${enterpriseId} and external_id = ${ref.externalId})`;
