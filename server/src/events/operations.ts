import { pageOf } from "@clientele/contract/envelopes";
import { type FieldError, Problem, problemOf, rowErrorOf } from "@clientele/contract/errors";
import * as contract from "@clientele/contract/events";
import { reason } from "@clientele/contract/field-errors";
import type { Operation } from "../call.ts";
import { currentDefinitions, withDefinitions } from "../custom-fields/definitions.ts";
import { findEventCustomer } from "../customers/bookings/event-customers.ts";
import { customerRefOf, idOfRef } from "../customers/customer-ref.ts";
import { isDateOnly, parseTime } from "../time/parse-time.ts";
import { required } from "../validation/required.ts";
import { compileCheck, rowErrorsMax } from "../validation/schema-check.ts";
import { answerEvent } from "./answer-event.ts";
import type { RowOutcome } from "./plan.ts";
import { type EventInput, type ParsedEvent, readCustomer, readRow } from "./read-row.ts";
import * as store from "./store.ts";
import { readTimeline } from "./timeline.ts";
import { writeRows } from "./write.ts";

export const list: Operation<typeof contract.listEvents> = ({ database }, { params, query }) => {
  const { enterpriseId } = database;
  const filter = readFilter(query);
  const { page, limit, offset } = pageOf(query);
  const ref = customerRefOf(params.customerId, query.external);
  return withDefinitions(database, async (definitions) => {
    if (query.include?.includes("changes")) {
      return {
        ...(await readTimeline(database, definitions, ref, filter, { offset, limit })),
        page,
        limit,
      };
    }
    const [customer, events, { total }] = await database.batch([
      findEventCustomer(enterpriseId, ref),
      ...store.listStatements(enterpriseId, idOfRef(enterpriseId, ref), filter, { offset, limit }),
    ]);
    if (!customer) throw new Problem("CUSTOMER_NOT_FOUND");
    const data = events.map((event) =>
      answerEvent(enterpriseId, definitions, store.listedOf(event), customer),
    );
    return { data, total, page, limit };
  });
};

type ListQuery = Parameters<typeof list>[1]["query"];

function readFilter({ type, company_id, from_date, to_date }: ListQuery): store.EventFilter {
  const fieldErrors: FieldError[] = [];
  const read = (path: string, written: string | undefined): Date | undefined => {
    const time = written === undefined ? undefined : parseTime(written);
    if (time === null) {
      fieldErrors.push({ in: "query", path, code: "REQUEST_INVALID", ...reason("DATE_OR_TIME_UNKNOWN") });
    }
    return time ?? undefined;
  };
  const from = read("from_date", from_date);
  const to = read("to_date", to_date);
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return {
    // An empty parameter is no filter.
    types: type?.length ? type : undefined,
    companyId: company_id || undefined,
    from,
    to: to && { time: to, isDay: isDateOnly(required(to_date, "to_date")) },
  };
}

export const create: Operation<typeof contract.createEvent> = async (call, { params, query, body }) => {
  const { database } = call;
  const ref = customerRefOf(params.customerId, query.external);
  const row = readRow(0, body, ref);
  const [outcome] = (await writeRows(call, [row], "request")).outcomes as [RowOutcome];
  if (outcome.fieldErrors.some(({ code }) => code === "CUSTOMER_UNKNOWN"))
    throw new Problem("CUSTOMER_NOT_FOUND");
  if (outcome.outcome === "failed") throw problemOf(outcome.fieldErrors);

  const definitions = await currentDefinitions(database);
  const { enterpriseId } = database;
  const { id } = outcome;
  if (id === null) throw new Error("An event that was written has no id.");
  const [customer, event] = await database.batch([
    findEventCustomer(enterpriseId, ref),
    store.findStatement(enterpriseId, id),
  ]);
  if (!customer) throw new Error("An event that was written has no customer.");
  return { data: answerEvent(enterpriseId, definitions, store.listedOf(event), customer) };
};

const checkRow = compileCheck(contract.EventRow, "body", rowErrorsMax);

export const createMany: Operation<typeof contract.createEvents> = async (call, { body }) => {
  const rows = body.events.map(readBatchRow);
  const { outcomes } = await writeRows(call, rows, "import");
  const countOutcomes = (outcome: RowOutcome["outcome"]) =>
    outcomes.filter((row) => row.outcome === outcome).length;
  return {
    data: {
      created: countOutcomes("created"),
      updated: countOutcomes("updated"),
      unchanged: countOutcomes("unchanged"),
      failed: countOutcomes("failed"),
      results: outcomes.map(({ fieldErrors, ...outcome }) => ({
        ...outcome,
        errors: fieldErrors.map(rowErrorOf),
      })),
    },
  };
};

function readBatchRow(row: EventInput, index: number): ParsedEvent {
  const shapeErrors = checkRow(row);
  // A row of the wrong shape is not read further: even its customer is unreliable.
  if (shapeErrors.length > 0) return { ...readRow(index, emptyEvent, null), fieldErrors: shapeErrors };
  const fieldErrors: FieldError[] = [];
  const customer = readCustomer(row, fieldErrors);
  const read = readRow(index, row, customer);
  return { ...read, fieldErrors: [...fieldErrors, ...read.fieldErrors] };
}

const emptyEvent: EventInput = { start_date: "1970-01-01" };
