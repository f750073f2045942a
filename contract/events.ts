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
    type: Type.String({ description: "`booking` or a kind of the caller's own." }),
    title: Type.String(),
    notes: Type.String(),
    date: Type.String({ description: "The day of `startDate`." }),
    startDate: Timestamp,
    endDate: Timestamp,
    duration: Type.Integer({ description: "Minutes." }),
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
          "Minutes; instead of `end_date`, or agreeing with it. Without either a new event has none, and one that is moved keeps its own.",
      }),
    ),
  ),
  company_id: Type.Optional(Nullable(Type.String({ description: "Default: the `company-id` header." }))),
  status: text(64),
  metadata: Type.Optional(
    Nullable(
      Type.Record(Type.String(), Type.Unknown(), {
        maxProperties: 100,
        description: "At most 16 KiB as JSON. Written whole.",
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
    "`from_date` and `to_date` are of the start and inclusive: a date to the end of its day. With `include=changes` what happened to the customer's record stands among its events, by the same dates and company.",
  scope: "READ",
  params: customerParams,
  query: Type.Object({
    external: External,
    ...Paging,
    type: ListParameter(Type.String(), "Extension: events of these types."),
    from_date: Type.Optional(DateOrTime),
    to_date: Type.Optional(DateOrTime),
    company_id: Type.Optional(Type.String({ description: "Extension." })),
    include: ListParameter(OneOf(["changes"]), "Extension: what stands among the events."),
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
  summary: "Create an event of a customer",
  description:
    "An event with an external id we have is updated, attributes that are not named stay, and it moves to this customer: sending it again changes nothing.",
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
    customer_external_id: Type.Optional(Nullable(Type.String({ description: "One of the two is needed." }))),
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
    "Up to 10,000 rows, one result each, in order. Good rows are kept when others fail. A row with the external id of an earlier one updates it.",
  scope: "WRITE",
  extension: true,
  body: Type.Object({ events: Type.Array(EventRow, { maxItems: 10_000 }) }, closed),
  // A row that does not fit fails alone.
  bodyEnvelope: Type.Object({ events: Type.Array(Type.Unknown(), { maxItems: 10_000 }) }, closed),
  bodyBytesMax: 64 * 1024 * 1024,
  status: 200,
  shape: "single",
  answer: EventReport,
  errors: ["REQUEST_INVALID"],
});
