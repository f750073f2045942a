import type { Call } from "../../call.ts";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { fieldKeysIn } from "../../custom-fields/values/field-key.ts";
import { required } from "../../validation/required.ts";
import { restoreBookings } from "../bookings/restore-bookings.ts";
import type { RowOutcome } from "../plan.ts";
import { emptyRow, type ParsedRow } from "../read-row.ts";
import type { CustomerState } from "../store.ts";
import { type Snapshot, type WriteCause, writeRows } from "../write.ts";
import { openValueRestorer } from "./restored-values.ts";

/** A deleted customer as its deletion's journal entry stores it. */
export type DeletedCustomer = {
  customerId: string;
  deletionNumber: number;
  version: number;
  snapshot: Snapshot;
};

/**
 * Recreates customers that one transaction deleted, with their bookings, except for keys that are taken by
 * now. Outcomes are in the order of `customers`.
 */
export async function recreateCustomers(
  call: Call,
  definitions: Definitions,
  customers: readonly DeletedCustomer[],
  cause: WriteCause,
): Promise<RowOutcome[]> {
  if (customers.length === 0) return [];
  const values = ({ snapshot }: DeletedCustomer) => (snapshot.values ?? {}) as CustomerState["values"];
  const keys = [...new Set(customers.flatMap((customer) => fieldKeysIn(values(customer))))];
  const firstDeletion = Math.min(...customers.map(({ deletionNumber }) => deletionNumber));
  const restoreValues = await openValueRestorer(call.database, definitions, keys, firstDeletion);
  const rows = customers.map((customer, index): ParsedRow => {
    const { externalId, importCustomerId, tagIds, bookerId } = customer.snapshot;
    return {
      ...emptyRow,
      index,
      externalId: externalId ?? null,
      importCustomerId: importCustomerId ?? null,
      bookerId: bookerId ?? null,
      tagIds: (tagIds ?? []).filter((id) => definitions.tagNames.has(id)),
      fields: restoreValues(values(customer)).filter(({ stored }) => stored !== null),
      // They may have lacked a mandatory value before.
      ignoreMandatory: true,
      recreates: { id: customer.customerId, version: customer.version },
    };
  });
  const { plan } = await writeRows(call, definitions, rows, { mode: "create", matchOn: [], ...cause });
  const recreated = customers.filter(
    (_, at) => required(plan.outcomes[at], "the outcome").outcome === "created",
  );
  if (recreated.length > 0) await call.database.batch([restoreBookings(call, recreated)]);
  return plan.outcomes;
}
