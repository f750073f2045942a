import { timestampOf } from "@clientele/contract/formats";
import type { Definitions } from "../custom-fields/definitions.ts";
import { type EventCustomer, fullNameOf } from "../customers/bookings/event-customers.ts";
import { minutesBetween } from "./read-row.ts";
import type * as store from "./store.ts";

/** An event in wire format. */
export const answerEvent = (
  enterpriseId: string,
  definitions: Definitions,
  event: store.ListedEvent,
  customer: EventCustomer,
) => ({
  id: event.id,
  externalId: event.externalId ?? "",
  type: event.type,
  title: event.title,
  notes: event.notes,
  date: event.startDate.slice(0, 10),
  startDate: event.startDate,
  endDate: event.endDate,
  duration: minutesBetween(new Date(event.startDate), new Date(event.endDate)),
  companyId: event.companyId ?? "",
  companyName: event.companyName,
  status: event.status,
  metadata: event.metadata,
  customers: [
    { id: customer.id, externalId: customer.externalId ?? "", fullName: fullNameOf(definitions, customer) },
  ],
  createdAt: timestampOf(event.createdAt),
  updatedAt: timestampOf(event.updatedAt),
  enterpriseId,
});
