import { Problem } from "@clientele/contract/errors";
import type { Definitions } from "../custom-fields/definitions.ts";
import { findEventCustomer } from "../customers/bookings/event-customers.ts";
import { type CustomerRef, idOfRef } from "../customers/customer-ref.ts";
import { diffEntries, loadDisplayNames } from "../customers/history/customer-diff.ts";
import { withCreatedStates } from "../customers/history/past-states.ts";
import type { Snapshot } from "../customers/write.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { answerChange } from "../journal/answer-change.ts";
import { changesByNumber } from "../journal/changes.ts";
import { required } from "../validation/required.ts";
import { answerEvent } from "./answer-event.ts";
import * as store from "./store.ts";

/** A page of a customer's events and changes, newest first, and the total. Throws CUSTOMER_NOT_FOUND. */
export async function readTimeline(
  database: EnterpriseDatabase,
  definitions: Definitions,
  ref: CustomerRef,
  filter: store.EventFilter,
  paging: { offset: number; limit: number },
) {
  const { enterpriseId } = database;
  const [customer, refs, { total }] = await database.batch([
    findEventCustomer(enterpriseId, ref),
    ...store.timelineStatements(enterpriseId, idOfRef(enterpriseId, ref), filter, paging),
  ]);
  if (!customer) throw new Problem("CUSTOMER_NOT_FOUND");
  const idsOf = (kind: store.TimelineRef["kind"]) =>
    refs.filter((place) => place.kind === kind).map(({ id }) => id);

  const events = await database.many(store.findManyStatement(enterpriseId, idsOf("event")));
  const changes = await withCreatedStates(
    database,
    await changesByNumber<Snapshot>(database, "customer", customer.id, idsOf("change").map(Number)),
  );
  const names = await loadDisplayNames(database, definitions, changes);
  const eventById = new Map(events.map((event) => [event.id, store.listedOf(event)]));
  const changeByNumber = new Map(changes.map((change) => [change.number, change]));
  const data = refs.map(({ kind, id }) => {
    if (kind === "event")
      return {
        kind,
        ...answerEvent(enterpriseId, definitions, required(eventById.get(id), "the event"), customer),
      };
    const change = required(changeByNumber.get(Number(id)), "the change");
    return { kind, change: answerChange(change, diffEntries(change, names)) };
  });
  return { data, total };
}
