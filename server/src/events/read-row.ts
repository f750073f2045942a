import { bodyError, type FieldError } from "@clientele/contract/errors";
import type { EventRow } from "@clientele/contract/events";
import { type Static, timestampOf } from "@clientele/contract/formats";
import type { CustomerRef } from "../customers/customer-ref.ts";
import { readExternalId } from "../ids/external-id.ts";
import { normalized } from "../text/normalize.ts";
import { readTime } from "../time/parse-time.ts";

/** An event as a create or a row has it, of the contract's shape. */
export type WrittenEvent = Static<typeof EventRow>;

/** What a row says of an event: undefined stays as it is, null is removed. Times are the wire's. */
export type Row = {
  index: number;
  customer: CustomerRef | null;
  externalId: string | null | undefined;
  companyId: string | null | undefined;
  type: string | undefined;
  title: string | undefined;
  notes: string | undefined;
  status: string | undefined;
  startDate: string;
  /** Undefined keeps the length it has. */
  minutes: number | undefined;
  endDate: string | undefined;
  metadata: Metadata | undefined;
  fieldErrors: readonly FieldError[];
};

type Metadata = Record<string, unknown>;

const metadataBytesMax = 16 * 1024;

/** Reads a row by itself. Errors carry paths within the row. */
export function readRow(index: number, row: WrittenEvent, customer: CustomerRef | null): Row {
  const fieldErrors: FieldError[] = [];
  const refuse = (path: string, message: string) =>
    fieldErrors.push(bodyError(path, "REQUEST_INVALID", message));

  const type = row.type === undefined ? undefined : normalized(row.type);
  if (type === "") refuse("type", "must not be empty");

  const start = readTime(row.start_date);
  if (start === null) refuse("start_date", "is no such day or moment");
  const { end_date: endDate, duration } = row;
  const end = typeof endDate === "string" ? readTime(endDate) : undefined;
  if (end === null) refuse("end_date", "is no such day or moment");
  if (start && end && end < start) refuse("end_date", "must not be before start_date");
  else if (start && end && typeof duration === "number" && duration !== minutesBetween(start, end)) {
    refuse("duration", `does not agree with end_date: that is ${minutesBetween(start, end)} minutes`);
  }

  const written = row.metadata === undefined ? undefined : JSON.stringify(row.metadata ?? {});
  if (written !== undefined && Buffer.byteLength(written) > metadataBytesMax) {
    refuse("metadata", `must have ${metadataBytesMax} bytes of JSON at most`);
  }

  return {
    index,
    customer,
    externalId: readExternalId(row.external_id, fieldErrors),
    companyId: row.company_id === undefined ? undefined : row.company_id || null,
    type,
    title: readText(row.title),
    notes: readText(row.notes),
    status: readText(row.status),
    startDate: timestampOf(start ?? new Date(0)),
    minutes: duration === undefined && endDate === undefined ? undefined : (duration ?? 0),
    endDate: end ? timestampOf(end) : undefined,
    // As JSON has it: what is stored compares equal to what was written.
    metadata: written === undefined ? undefined : JSON.parse(written),
    fieldErrors,
  };
}

/** The customer of a row of many, which names it itself. */
export function readCustomer(
  { customer_id: id, customer_external_id: externalId }: WrittenEvent,
  fieldErrors: FieldError[],
): CustomerRef | null {
  const refuse = (path: string, message: string) => {
    fieldErrors.push(bodyError(path, "REQUEST_INVALID", message));
    return null;
  };
  if (id && externalId) return refuse("customer_external_id", "must not be there beside customer_id");
  if (id) return { id };
  if (externalId) return { externalId: normalized(externalId) };
  return refuse("customer_id", "is required, or customer_external_id");
}

const readText = (text: string | null | undefined): string | undefined =>
  text === undefined ? undefined : normalized(text ?? "");

/** Whole minutes. */
export const minutesBetween = (start: Date, end: Date): number =>
  Math.floor((end.getTime() - start.getTime()) / 60_000);
