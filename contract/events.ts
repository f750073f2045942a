import { Type } from "typebox";
import { customerParams, External } from "./customers.ts";
import { Paging } from "./envelopes.ts";
import { closed, DateOrTime, ExternalId, Id, ListParameter, Nullable, OneOf, Timestamp } from "./formats.ts";
import { Change } from "./history.ts";
import { RowError } from "./import-rows.ts";
import { route } from "./route.ts";

export const Event = Type.Object(
  {
    id: Id,
    externalId: Type.String(),
    type: Type.String({ description: "`booking` or a type that the caller defines." }),
    title: Type.String(),
    notes: Type.String(),
    date: Type.String({ description: "Date of `startDate`." }),
    startDate: Timestamp,
    endDate: Timestamp,
    duration: Type.Integer({ description: "In minutes." }),
    companyId: Type.String(),
    companyName: Type.String(),
    status: Type.String(),
    metadata: Type.Record(Type.String(), Type.Unknown()),
    customers: Type.Array(Type.Object({ id: Id, externalId: Type.String(), fullName: Type.String() })),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    enterpriseId: Id,
  },
  { title: "Event" },
);

const text = (maxLength: number) => Type.Optional(Nullable(Type.String({ maxLength })));
const eventWriteAttributes = {
  external_id: Type.Optional(Nullable(ExternalId)),
  type: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: "Default `booking`." })),
  title: text(500),
  notes: text(10_000),
  start_date: DateOrTime,
  end_date: Type.Optional(Nullable(DateOrTime)),
  duration: Type.Optional(
    Nullable(
      Type.Integer({
        minimum: 0,
        maximum: 525_600,
        description:
          "In minutes. Replaces `end_date`, or must agree with it. Without either, a new event has no duration and an event with a new start keeps its duration.",
      }),
    ),
  ),
  company_id: Type.Optional(Nullable(Type.String({ description: "Default: the `company-id` header." }))),
  status: text(64),
  metadata: Type.Optional(
    Nullable(
      Type.Record(Type.String(), Type.Unknown(), {
        maxProperties: 100,
        description: "At most 16 KiB as JSON. A write replaces the whole object.",
      }),
    ),
  ),
};

const group = "Events";
const path = "/v1/enterprise-customers/{customerId}/events";

const ListedEvent = Type.Object(
  {
    ...Event.properties,
    kind: Type.Optional(Type.Literal("event", { description: "With `include=changes`." })),
  },
  { title: "ListedEvent" },
);

const TimelineChange = Type.Object(
  { kind: Type.Literal("change"), change: Change },
  { title: "TimelineChange", description: "Only with `include=changes`." },
);

export const listEvents = route({
  operationId: "listEvents",
  method: "GET",
  path,
  group,
  summary: "List a customer's events, newest first",
  description:
    "`from_date` and `to_date` filter by start and are inclusive; a `to_date` without a time includes the whole day. With `include=changes` the list also contains the changes of the customer's record, filtered by the same dates and branch (`company`).",
  scope: "READ",
  params: customerParams,
  query: Type.Object({
    external: External,
    ...Paging,
    type: ListParameter(Type.String(), "Extension: only events of these types."),
    from_date: Type.Optional(DateOrTime),
    to_date: Type.Optional(DateOrTime),
    company_id: Type.Optional(Type.String({ description: "Extension." })),
    include: ListParameter(OneOf(["changes"]), "Extension: further entries to list among the events."),
  }),
  status: 200,
  shape: "list",
  answer: Type.Union([ListedEvent, TimelineChange]),
  errors: ["REQUEST_INVALID", "CUSTOMER_NOT_FOUND"],
});

export const createEvent = route({
  operationId: "createEvent",
  method: "POST",
  path,
  group,
  summary: "Create an event for a customer",
  description:
    "When an event with the external id exists, it is updated and moved to this customer; attributes that are not in the body stay. Sending the same event again changes nothing.",
  scope: "WRITE",
  extension: true,
  params: customerParams,
  query: Type.Object({ external: External }),
  body: Type.Object(eventWriteAttributes, { ...closed, title: "EventCreate" }),
  status: 201,
  shape: "single",
  answer: Event,
  errors: [
    "REQUEST_INVALID",
    "CUSTOMER_NOT_FOUND",
    "COMPANY_UNKNOWN",
    "EXTERNAL_ID_INVALID",
    "EXTERNAL_ID_TAKEN",
  ],
});

export const EventRow = Type.Object(
  {
    customer_id: Type.Optional(Nullable(Type.String())),
    customer_external_id: Type.Optional(
      Nullable(Type.String({ description: "Either `customer_id` or `customer_external_id` is required." })),
    ),
    ...eventWriteAttributes,
  },
  { ...closed, title: "EventRow" },
);

const EventReport = Type.Object(
  {
    created: Type.Integer(),
    updated: Type.Integer(),
    unchanged: Type.Integer(),
    failed: Type.Integer(),
    results: Type.Array(
      Type.Object({
        index: Type.Integer(),
        outcome: OneOf(["created", "updated", "unchanged", "failed"]),
        id: Nullable(Id),
        errors: Type.Array(RowError),
      }),
    ),
  },
  { title: "EventReport" },
);

export const createEvents = route({
  operationId: "createEvents",
  method: "POST",
  path: "/v1/customer-events",
  group,
  summary: "Create or update many events",
  description:
    "Accepts up to 10,000 rows and returns one result per row, in order. Valid rows are written even when others fail. A row with the external id of an earlier row updates that event.",
  scope: "WRITE",
  extension: true,
  body: Type.Object({ events: Type.Array(EventRow, { maxItems: 10_000 }) }, closed),
  // An invalid row fails without failing the others.
  bodyEnvelope: Type.Object({ events: Type.Array(Type.Unknown(), { maxItems: 10_000 }) }, closed),
  bodyBytesMax: 64 * 1024 * 1024,
  status: 200,
  shape: "single",
  answer: EventReport,
  errors: ["REQUEST_INVALID"],
});
