import { Problem } from "@clientele/contract/errors";
import type { Definitions } from "../custom-fields/definitions.ts";
import { type Address, idAt } from "../customers/address.ts";
import { findGuest } from "../customers/bookings/guests.ts";
import { differences, namesIn } from "../customers/history/differences.ts";
import type { Snapshot } from "../customers/write.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { answerChange } from "../journal/answer-change.ts";
import { changesById } from "../journal/changes.ts";
import { answerEvent } from "./answer-event.ts";
import * as store from "./store.ts";

/** A page of what a customer did and what was done to its record, newest first; and how much it is in all. */
export async function readTimeline(
  database: EnterpriseDatabase,
  definitions: Definitions,
  address: Address,
  filter: store.EventFilter,
  paging: { offset: number; limit: number },
) {
  const { enterpriseId } = database;
  const [guest, places, { total }] = await database.batch([
    findGuest(enterpriseId, address),
    ...store.timelineStatements(enterpriseId, idAt(enterpriseId, address), filter, paging),
  ]);
  if (!guest) throw new Problem("CUSTOMER_NOT_FOUND");
  const idsOf = (kind: store.TimelinePlace["kind"]) =>
    places.filter((place) => place.kind === kind).map(({ id }) => id);

  const events = await database.many(store.findManyStatement(enterpriseId, idsOf("event")));
  const changes = await changesById<Snapshot>(database, "customer", guest.id, idsOf("change"));
  const names = await namesIn(database, definitions, changes);
  const eventById = new Map(events.map((event) => [event.id, store.listedOf(event)]));
  const changeById = new Map(changes.map((change) => [change.id, change]));
  const data = places.map(({ kind, id }) => {
    if (kind === "event")
      return { kind, ...answerEvent(enterpriseId, definitions, eventById.get(id)!, guest) };
    const change = changeById.get(id)!;
    return { kind, change: answerChange(change, differences(change, names)) };
  });
  return { data, total };
}
