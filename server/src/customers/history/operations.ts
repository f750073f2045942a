import { pageOf } from "@clientele/contract/envelopes";
import { type ErrorLocation, explainedProblem, Problem, problemOf } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { timestampOf } from "@clientele/contract/formats";
import type * as contract from "@clientele/contract/history";
import type { Operation } from "../../call.ts";
import { type Definitions, withDefinitions } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import type { Sql } from "../../database/sql.ts";
import { answerChange } from "../../journal/answer-change.ts";
import { lastChange, listChanges, type Moment } from "../../journal/changes.ts";
import { isDateOnly, parseTime } from "../../time/parse-time.ts";
import { required } from "../../validation/required.ts";
import { customerRefOf, idOfRef } from "../customer-ref.ts";
import * as store from "../store.ts";
import type { Snapshot } from "../write.ts";
import { diffEntries, loadDisplayNames } from "./customer-diff.ts";
import { pastCustomer, stateAfter } from "./past-customer.ts";
import { withCreatedStates } from "./past-states.ts";

export const listHistory: Operation<typeof contract.listHistory> = ({ database }, { params, query }) => {
  const { page, limit, offset } = pageOf(query);
  const time = readAsOf(query.as_of, "query");
  const ref = customerRefOf(params.customerId, query.external);
  const customerId = idOfRef(database.enterpriseId, ref);
  return withDefinitions(database, async (definitions) => {
    const last = time && (await changeAt(database, customerId, time));
    const listed = await listChanges<Snapshot>(database, "customer", customerId, {
      offset,
      limit,
      lastNumber: last?.number,
    });
    // Journal retention may be shorter than the customer's lifetime.
    if (listed.total === 0 && !(await store.fetchRow(database, ref))) throw new Problem("CUSTOMER_NOT_FOUND");
    const changes = await withCreatedStates(database, listed.changes);
    const names = await loadDisplayNames(database, definitions, changes);
    const data = changes.map((change) => answerChange(change, diffEntries(change, names)));
    if (last && offset === 0)
      Object.assign(required(data[0], "the first change of the page"), {
        customer: await customerAt(database, definitions, last),
      });
    return { data, total: listed.total, page, limit };
  });
};

/**
 * The end of the second or day that `as_of` names, exclusive: the API's times are whole seconds, so a change at 12:00:00.5
 * has happened as of 12:00:00. Undefined when absent.
 */
export function readAsOf(written: string | undefined, place: ErrorLocation): Date | undefined {
  if (written === undefined) return undefined;
  const time = parseTime(written);
  if (time === null)
    throw problemOf([
      { in: place, path: "as_of", code: "REQUEST_INVALID", ...reason("DATE_OR_TIME_UNKNOWN") },
    ]);
  return new Date(time.getTime() + (isDateOnly(written) ? dayMs : 1_000));
}

const dayMs = 86_400_000;

/** The last change before a time. Throws CUSTOMER_NOT_FOUND when the customer did not exist then. */
async function changeAt(database: EnterpriseDatabase, customerId: Sql, time: Date): Promise<Moment> {
  const { last, first } = await lastChange(database, "customer", customerId, { before: time });
  if (!first) throw new Problem("CUSTOMER_NOT_FOUND");
  if (!last || last.kind === "deleted") throw explainedProblem(absence(last, first).key, {});
  return last;
}

type AbsenceKey = "CUSTOMER_DELETED_THEN" | "CUSTOMER_NOT_CREATED_THEN" | "HISTORY_TOO_SHORT";

/** The reason why no version exists, as a sentence without its subject. */
export const absence = (last: Moment | undefined, first: Moment | undefined): Reason<AbsenceKey> =>
  last
    ? reason("CUSTOMER_DELETED_THEN")
    : first?.kind === "created"
      ? reason("CUSTOMER_NOT_CREATED_THEN")
      : reason("HISTORY_TOO_SHORT");

async function customerAt(database: EnterpriseDatabase, definitions: Definitions, last: Moment) {
  const state = await stateAfter(database, last);
  return pastCustomer(database, definitions, required(state, "state"), {
    number: last.number,
    updatedAt: timestampOf(last.at),
  });
}
