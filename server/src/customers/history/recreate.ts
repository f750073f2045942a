import type { Call } from "../../call.ts";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { madeAt } from "../../ids/new-id.ts";
import { giveBack } from "../bookings/restore-bookings.ts";
import type { RowOutcome } from "../plan.ts";
import { blankRow, type Row } from "../read-row.ts";
import type { CustomerState } from "../store.ts";
import { type Snapshot, type Writing, writeRows } from "../write.ts";
import { openStanding } from "./fitting-values.ts";

/** A deleted customer as the change that deleted it has it. */
export type Gone = { customerId: string; deletionId: number; version: number; snapshot: Snapshot };

/**
 * Makes customers anew that one transaction has deleted, as they were and with their bookings, as far as there is
 * still a place for what they had. The outcomes are in the order of the customers.
 */
export async function bringBack(
  call: Call,
  definitions: Definitions,
  customers: readonly Gone[],
  writing: Writing,
): Promise<RowOutcome[]> {
  if (customers.length === 0) return [];
  const values = ({ snapshot }: Gone) => (snapshot.values ?? {}) as CustomerState["values"];
  const fieldIds = [...new Set(customers.flatMap((customer) => Object.keys(values(customer))))];
  const first = Math.min(...customers.map(({ deletionId }) => deletionId));
  const standing = await openStanding(call.database, definitions, fieldIds, first);
  const rows = customers.map((customer, index): Row => {
    const { externalId, importCustomerId, tagIds, bookerId } = customer.snapshot;
    return {
      ...blankRow,
      index,
      externalId: externalId ?? null,
      importCustomerId: importCustomerId ?? null,
      bookerId: bookerId ?? null,
      tagIds: (tagIds ?? []).filter((id) => definitions.tagNames.has(id)),
      fields: standing(values(customer)).filter(({ stored }) => stored !== null),
      // They were without it before.
      ignoreMandatory: true,
      comesBack: {
        id: customer.customerId,
        version: customer.version,
        createdAt: madeAt(customer.customerId),
      },
    };
  });
  const { plan } = await writeRows(call, definitions, rows, { mode: "create", matchOn: [], ...writing });
  const back = customers.filter((_, at) => plan.outcomes[at]!.outcome === "created");
  if (back.length > 0) await call.database.batch([giveBack(call, back)]);
  return plan.outcomes;
}
