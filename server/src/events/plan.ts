import { isDeepStrictEqual } from "node:util";
import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { timestampOf } from "@clientele/contract/formats";
import type { LockedCustomer } from "../customers/bookings/event-customers.ts";
import { isRepresentable } from "../time/parse-time.ts";
import type { ParsedEvent } from "./read-row.ts";
import type { EventState } from "./store.ts";

export type RowOutcome = {
  index: number;
  outcome: "created" | "updated" | "unchanged" | "failed";
  id: string | null;
  fieldErrors: readonly FieldError[];
};

/** An event after all rows; `before` is null for a new one. `index` is the first row that writes it. */
export type PlannedEvent = { before: EventState | null; after: EventState; index: number };

export type Plan = { outcomes: RowOutcome[]; written: PlannedEvent[] };

/** The stored records that rows may match. */
export type Candidates = {
  customers: readonly LockedCustomer[];
  events: readonly EventState[];
  companyIds: ReadonlySet<string>;
};

export type PlanOptions = {
  /** The default company of a new event. */
  companyId: string | null;
  /** The companies the caller may act for; null means all. */
  ownCompanyIds: readonly string[] | null;
  newId: () => string;
};

/**
 * Applies rows to events in order; a row with the external id of an earlier one continues from that state.
 * Pure; reports every error of every row.
 */
export function planEvents(rows: readonly ParsedEvent[], candidates: Candidates, options: PlanOptions): Plan {
  const customerIds = new Set(candidates.customers.map(({ id }) => id));
  const customerIdsByExternalId = new Map(candidates.customers.map(({ id, externalId }) => [externalId, id]));
  const events = new Map<string, PlannedEvent>();
  const byExternalId = new Map<string, PlannedEvent>();
  const put = (planned: PlannedEvent) => {
    events.set(planned.after.id, planned);
    if (planned.after.externalId !== null) byExternalId.set(planned.after.externalId, planned);
  };
  for (const state of candidates.events) put({ before: state, after: state, index: -1 });

  const customerIdOf = ({ customer }: ParsedEvent): string | null => {
    if (customer === null) return null;
    if ("id" in customer) return customerIds.has(customer.id) ? customer.id : null;
    return customerIdsByExternalId.get(customer.externalId) ?? null;
  };
  const mayActFor = (companyId: string | null): boolean =>
    companyId === null || (options.ownCompanyIds?.includes(companyId) ?? true);

  const planRow = (row: ParsedEvent): RowOutcome => {
    const { index, customer } = row;
    const fieldErrors = [...row.fieldErrors];
    const refuse = (path: string, code: FieldError["code"], why: Reason) =>
      fieldErrors.push(bodyError(path, code, why));

    const matched = row.externalId ? byExternalId.get(row.externalId) : undefined;
    const current = matched?.after ?? null;
    const customerId = customerIdOf(row);
    const after = eventAfter(row, current ?? { ...emptyEvent, companyId: options.companyId }, customerId);

    if (customer !== null && customerId === null) {
      const path = "id" in customer ? "customer_id" : "customer_external_id";
      refuse(path, "CUSTOMER_UNKNOWN", reason("CUSTOMER_UNKNOWN"));
    }
    if (current !== null && !mayActFor(current.companyId)) {
      refuse("external_id", "EXTERNAL_ID_TAKEN", reason("TAKEN_BY_EVENT_OF_OTHER_COMPANY"));
    }
    if (row.companyId && !(candidates.companyIds.has(row.companyId) && mayActFor(row.companyId))) {
      refuse("company_id", "COMPANY_UNKNOWN", reason("COMPANY_UNKNOWN"));
    }
    if (after.endDate === "") refuse("duration", "REQUEST_INVALID", reason("ENDS_TOO_LATE"));

    if (fieldErrors.length > 0) return { index, outcome: "failed", id: null, fieldErrors };
    if (isDeepStrictEqual(current, after)) return { index, outcome: "unchanged", id: after.id, fieldErrors };
    if (!matched) after.id = options.newId();
    const first = matched && matched.index >= 0 ? matched.index : index;
    put({ before: matched?.before ?? null, after, index: first });
    return { index, outcome: matched ? "updated" : "created", id: after.id, fieldErrors };
  };

  const outcomes = rows.map(planRow);
  const written = [...events.values()].filter(({ before, after }) => !isDeepStrictEqual(before, after));
  return { outcomes, written };
}

const emptyEvent: EventState = {
  id: "",
  externalId: null,
  customerId: null,
  companyId: null,
  type: "booking",
  title: "",
  notes: "",
  status: "",
  startDate: "",
  endDate: "",
  metadata: {},
};

const eventAfter = (row: ParsedEvent, current: EventState, customerId: string | null): EventState => ({
  id: current.id,
  externalId: row.externalId ?? null,
  customerId,
  companyId: row.companyId === undefined ? current.companyId : row.companyId,
  type: row.type ?? current.type,
  title: row.title ?? current.title,
  notes: row.notes ?? current.notes,
  status: row.status ?? current.status,
  startDate: row.startDate,
  endDate: row.endDate ?? endFromLength(row, current),
  metadata: row.metadata ?? current.metadata,
});

/** The end by the given duration, else by the current one. Empty beyond the year 9999. */
function endFromLength({ startDate, minutes }: ParsedEvent, current: EventState): string {
  const hasLength = current.startDate !== "";
  const lengthMs =
    minutes !== undefined
      ? minutes * 60_000
      : hasLength
        ? Date.parse(current.endDate) - Date.parse(current.startDate)
        : 0;
  const end = new Date(Date.parse(startDate) + lengthMs);
  return isRepresentable(end) ? timestampOf(end) : "";
}
