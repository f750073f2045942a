import { type Sql, sql } from "../database/sql.ts";
import type { RecordedState } from "./store.ts";

/** Selects `id` and `version` of those of these customers that exist. */
export const selectVersions = (
  enterpriseId: string,
  ids: readonly string[],
): Sql<{ id: string; version: number }> =>
  sql`select customer_id as id, version from customer_versions
      where enterprise_id = ${enterpriseId} and customer_id = any(${ids}::uuid[])`;

/** Selects the journaled attributes of these customers; missing customers have no row. */
export const selectRecordedStates = (
  enterpriseId: string,
  ids: readonly string[],
): Sql<RecordedState & { id: string }> =>
  sql`select id, external_id as "externalId", import_customer_id as "importCustomerId", values, tag_ids as "tagIds",
        booker_id as "bookerId"
      from customers where enterprise_id = ${enterpriseId} and id = any(${ids}::uuid[])`;

/** Selects those of these external ids that customers have, as `externalId`. */
export const selectTakenExternalIds = (
  enterpriseId: string,
  externalIds: readonly string[],
): Sql<{ externalId: string }> =>
  sql`select external_id as "externalId" from customers
      where enterprise_id = ${enterpriseId} and external_id = any(${externalIds}::text[])`;
