import type { Call } from "../call.ts";
import type { Definitions } from "../custom-fields/definitions.ts";
import type { Sql } from "../database/sql.ts";
import { append } from "../journal/append.ts";
import { anonymise } from "./bookings/anonymise-bookings.ts";
import * as store from "./store.ts";
import { snapshotOf, uniqueValuesOf } from "./write.ts";

export type Removal = { reason: string; importId?: string };

/**
 * What makes customers that are locked be gone: from every list, with their external ids and unique values free
 * again, their bookings anonymous, and their history as it was.
 */
export function removing(
  call: Call,
  definitions: Definitions,
  customers: readonly store.CustomerState[],
  { reason, importId }: Removal,
): Sql[] {
  const { enterpriseId } = call.database;
  const ids = customers.map(({ id }) => id);
  const unique = customers.flatMap((state) => uniqueValuesOf(definitions, state));
  const changes = customers.map((state) => ({
    subjectId: state.id,
    kind: "deleted" as const,
    version: state.version + 1,
    before: snapshotOf(state),
    after: null,
  }));
  return [
    ...(unique.length > 0 ? [store.deleteUniqueValues(enterpriseId, unique)] : []),
    anonymise(call, ids),
    store.deleteCustomers(enterpriseId, ids),
    store.addToCount(enterpriseId, -ids.length),
    append(call, "customer", reason, changes, importId),
  ];
}
