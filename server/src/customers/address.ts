import { isOn } from "@clientele/contract/formats";
import { type Sql, sql } from "../database/sql.ts";

/** How a customer is named: by our id, or by the caller's. */
export type Address = { id: string } | { externalId: string };

/** The customer that a path names. */
export const addressOf = (customerId: string, external: unknown): Address =>
  isOn(external) ? { externalId: customerId } : { id: customerId };

/** The id behind an address, as an expression: null when there is no such customer to ask. */
export const idAt = (enterpriseId: string, address: Address): Sql =>
  "id" in address
    ? sql`${address.id}`
    : sql`(select id from customers where enterprise_id = ${enterpriseId} and external_id = ${address.externalId})`;
