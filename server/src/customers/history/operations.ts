import { pageOf } from "@clientele/contract/envelopes";
import { type ErrorLocation, Problem, problemOf } from "@clientele/contract/errors";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/history";
import type { Operation } from "../../call.ts";
import { type Definitions, withDefinitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import type { Sql } from "../../database/sql.ts";
import { answerChange } from "../../journal/answer-change.ts";
import { lastChange, listChanges, type Moment } from "../../journal/changes.ts";
import { isDay, readTime } from "../../time/parse-time.ts";
import { addressOf, idAt } from "../address.ts";
import * as store from "../store.ts";
import type { Snapshot } from "../write.ts";
import { differences, namesIn } from "./differences.ts";
import { pastCustomer, stateAfter } from "./past-customer.ts";

export const listHistory: Operation<typeof contract.listHistory> = ({ database }, { params, query }) => {
  const { page, limit, offset } = pageOf(query);
  const time = readAsOf(query.as_of, "query");
  const address = addressOf(params.customerId, query.external);
  const customerId = idAt(database.enterpriseId, address);
  return withDefinitions(database, async (definitions) => {
    const until = time && (await changeAt(database, customerId, time));
    const listed = await listChanges<Snapshot>(database, "customer", customerId, {
      offset,
      limit,
      lastId: until?.last.id,
    });
    // The journal may have been kept for a shorter time than the customer.
    if (listed.total === 0 && !(await store.fetchRow(database, address)))
      throw new Problem("CUSTOMER_NOT_FOUND");
    const names = await namesIn(database, definitions, listed.changes);
    const data = listed.changes.map((change) => answerChange(change, differences(change, names)));
    if (until && offset === 0)
      Object.assign(data[0]!, { customer: await customerAt(database, definitions, until) });
    return { data, total: listed.total, page, limit };
  });
};

/** The time that `as_of` names, the end of a day when it is one; undefined when nothing is asked for. */
export function readAsOf(written: string | undefined, place: ErrorLocation): Date | undefined {
  if (written === undefined) return undefined;
  const time = readTime(written);
  if (time === null)
    throw problemOf([
      { in: place, path: "as_of", code: "REQUEST_INVALID", message: "is no such day or moment" },
    ]);
  return isDay(written) ? new Date(time.getTime() + dayMs - 1) : time;
}

const dayMs = 86_400_000;

type At = { last: Moment; first: Moment };

/** The last change until a time, of a customer that there was then. */
async function changeAt(database: EnterpriseDatabase, customerId: Sql, time: Date): Promise<At> {
  const { last, first } = await lastChange(database, "customer", customerId, { time });
  if (!first) throw new Problem("CUSTOMER_NOT_FOUND");
  if (!last || last.kind === "deleted")
    throw new Problem("CUSTOMER_NOT_FOUND", {
      message: `There is no such customer: it ${absence(last, first)}.`,
    });
  return { last, first };
}

/** Why there is nothing to show of a customer: it… */
export const absence = (last: Moment | undefined, first: Moment | undefined): string =>
  last
    ? "was deleted then"
    : first?.kind === "created"
      ? "was not there yet"
      : "has no history that reaches back so far";

async function customerAt(database: EnterpriseDatabase, definitions: Definitions, { last, first }: At) {
  const state = await stateAfter(database, last.subjectId, last.id);
  const row = await store.fetchRow(database, { id: last.subjectId });
  return pastCustomer(database, definitions, state!, {
    changeId: last.id,
    createdAt: row?.[5] ?? timestampOf(first.at),
    updatedAt: timestampOf(last.at),
  });
}
