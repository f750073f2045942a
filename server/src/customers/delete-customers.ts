import type { Call } from "../call.ts";
import type { Definitions } from "../custom-fields/definitions.ts";
import type { Sql } from "../database/sql.ts";
import { append } from "../journal/append.ts";
import { anonymiseBookings } from "./bookings/anonymise-bookings.ts";
import * as store from "./store.ts";
import { deleteVersions } from "./version-store.ts";
import { snapshotOf, uniqueValuesOf } from "./write.ts";

export type DeletionCause = { reason: string; importId?: string };

/**
 * The statements that delete locked customers: frees their external ids and unique values, anonymises their
 * bookings and keeps their history.
 */
export function deleteStatements(
  call: Call,
  definitions: Definitions,
  customers: readonly store.CustomerState[],
  { reason, importId }: DeletionCause,
): Sql[] {
  const { enterpriseId } = call.database;
  const ids = customers.map(({ id }) => id);
  const uniqueValues = customers.flatMap((state) => uniqueValuesOf(definitions, state));
  const changes = customers.map((state) => ({
    subjectId: state.id,
    kind: "deleted" as const,
    version: state.version + 1,
    before: snapshotOf(state),
    after: null,
  }));
  return [
    ...(uniqueValues.length > 0 ? [store.deleteUniqueValues(enterpriseId, uniqueValues)] : []),
    store.deleteCustomers(enterpriseId, ids),
    deleteVersions(enterpriseId, ids),
    store.adjustCustomerCount(enterpriseId, -ids.length),
    anonymiseBookings(call, ids),
    append(call, "customer", reason, changes, importId),
  ];
}
