import { bodyError, type FieldError } from "@clientele/contract/errors";
import type { EventRow } from "@clientele/contract/events";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { type Static, timestampOf } from "@clientele/contract/formats";
import type { CustomerRef } from "../customers/customer-ref.ts";
import { readExternalId } from "../ids/external-id.ts";
import { normalized } from "../text/normalize.ts";
import { parseTime } from "../time/parse-time.ts";

/** The body of a create, or a row of a batch. */
export type EventInput = Static<typeof EventRow>;

/** A parsed event: undefined leaves an attribute unchanged, null removes it. Times are in wire format. */
export type ParsedEvent = {
  index: number;
  customer: CustomerRef | null;
  externalId: string | null | undefined;
  companyId: string | null | undefined;
  type: string | undefined;
  title: string | undefined;
  notes: string | undefined;
  status: string | undefined;
  startDate: string;
  /** Undefined keeps the current duration. */
  minutes: number | undefined;
  endDate: string | undefined;
  metadata: Metadata | undefined;
  fieldErrors: readonly FieldError[];
};

type Metadata = Record<string, unknown>;

const metadataBytesMax = 16 * 1024;

/** Parses one row. Error paths are relative to the row. */
export function readRow(index: number, row: EventInput, customer: CustomerRef | null): ParsedEvent {
  const fieldErrors: FieldError[] = [];
  const refuse = (path: string, why: Reason) => fieldErrors.push(bodyError(path, "REQUEST_INVALID", why));

  const type = row.type === undefined ? undefined : normalized(row.type);
  if (type === "") refuse("type", reason("EMPTY"));

  const start = parseTime(row.start_date);
  if (start === null) refuse("start_date", reason("DATE_OR_TIME_UNKNOWN"));
  const { end_date: endDate, duration } = row;
  const end = typeof endDate === "string" ? parseTime(endDate) : undefined;
  if (end === null) refuse("end_date", reason("DATE_OR_TIME_UNKNOWN"));
  if (start && end && end < start) refuse("end_date", reason("DATE_BEFORE_OTHER", { other: "start_date" }));
  else if (start && end && typeof duration === "number" && duration !== minutesBetween(start, end)) {
    refuse("duration", reason("DURATION_MISMATCH", { minutes: minutesBetween(start, end) }));
  }

  const written = row.metadata === undefined ? undefined : JSON.stringify(row.metadata ?? {});
  if (written !== undefined && Buffer.byteLength(written) > metadataBytesMax) {
    refuse("metadata", reason("TOO_MANY_BYTES_OF_JSON", { max: metadataBytesMax }));
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
    // Normalized through JSON, so that a repeated write compares equal to the stored value.
    metadata: written === undefined ? undefined : JSON.parse(written),
    fieldErrors,
  };
}

/** The customer of a batch row; null adds an error. */
export function readCustomer(
  { customer_id: id, customer_external_id: externalId }: EventInput,
  fieldErrors: FieldError[],
): CustomerRef | null {
  const refuse = (path: string, why: Reason) => {
    fieldErrors.push(bodyError(path, "REQUEST_INVALID", why));
    return null;
  };
  if (id && externalId)
    return refuse("customer_external_id", reason("EXCLUDED_BY_OTHER", { other: "customer_id" }));
  if (id) return { id };
  if (externalId) return { externalId: normalized(externalId) };
  return refuse("customer_id", reason("REQUIRED_OR_OTHER", { other: "customer_external_id" }));
}

const readText = (text: string | null | undefined): string | undefined =>
  text === undefined ? undefined : normalized(text ?? "");

/** Whole minutes. */
export const minutesBetween = (start: Date, end: Date): number =>
  Math.floor((end.getTime() - start.getTime()) / 60_000);
