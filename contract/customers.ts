import { type TSchema, Type } from "typebox";
import { FieldTypeName } from "./custom-fields.ts";
import { Deleted, Paging } from "./envelopes.ts";
import {
  closed,
  DateOrTime,
  ExternalId,
  Flag,
  Id,
  ListParameter,
  Nullable,
  OneOf,
  Timestamp,
} from "./formats.ts";
import { route } from "./route.ts";

export const CustomerField = Type.Object(
  {
    id: Id,
    type: FieldTypeName,
    value: Type.String(),
    values: Type.Array(Type.String()),
    isMultiple: Type.Boolean(),
    defaultId: Type.String(),
    label: Type.String({ description: '`""` for default fields.' }),
  },
  { title: "CustomerField" },
);

const Phone = Type.Union([
  Type.Object(
    {
      phone: Type.String({ examples: ["+49123456789"] }),
      number: Type.String({ description: "National, without the leading zero." }),
      code: Type.String({ description: "ISO 3166-1 alpha-2 country." }),
    },
    closed,
  ),
  Type.Object({}, { ...closed, description: "No phone." }),
]);

export const CustomerTag = Type.Object({ id: Id, name: Type.String() });

/** The attributes of a customer, in the order they are answered. */
export const customerAttributes = {
  id: Id,
  externalId: Type.String(),
  globalId: Type.Null({ description: "This is the global record." }),
  firstName: Type.String(),
  lastName: Type.String(),
  fullName: Type.String(),
  companyName: Type.String(),
  email: Type.String(),
  phone: Phone,
  tags: Type.Array(CustomerTag),
  totalBookings: Type.Integer(),
  avatarUrl: Type.String(),
  firstLetters: Type.String(),
  fields: Type.Array(CustomerField, { description: "The fields this customer has, in definition order." }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  ts: Type.Integer({ description: "Seconds of `updatedAt`." }),
};
export type CustomerAttribute = keyof typeof customerAttributes;

export const Customer = Type.Object(customerAttributes, { title: "Customer" });

/** What a list tells of a customer only when `fields` asks for it. */
export const bookingAttributes = {
  firstBookingAt: Nullable({ ...Timestamp, description: "When the first of its bookings starts." }),
  lastBookingAt: Nullable({ ...Timestamp, description: "When the last of its bookings starts." }),
};
export type BookingAttribute = keyof typeof bookingAttributes;

/** A customer as a list answers it: with `fields`, only the attributes asked for. */
export const ListedCustomer = Type.Object(
  { ...Type.Partial(Type.Object({ ...customerAttributes, ...bookingAttributes })).properties, id: Id },
  { title: "ListedCustomer" },
);

export const FieldWrite = Type.Object(
  {
    id: Type.String({ description: "A field's id or `defaultId`." }),
    value: Type.Optional(
      Nullable(
        Type.String({
          description: '`""` and null clear the field. PHONE: `{"number","country"}` as JSON text, or E.164.',
        }),
      ),
    ),
    values: Type.Optional(
      Nullable(Type.Array(Type.String(), { maxItems: 1_000, description: "Extension: a MULTI_SELECT." })),
    ),
  },
  closed,
);

const bookerId = Nullable(
  Type.String({ maxLength: 255, description: "Extension: who books for this customer." }),
);

/** What a create, an update and a row of an import may say of a customer. */
export const customerWriteAttributes = {
  customfields: Type.Optional(Type.Array(FieldWrite, { maxItems: 1_000 })),
  external_id: Type.Optional(Nullable(ExternalId)),
  tag_ids: Type.Optional(Nullable(Type.Array(Type.String(), { maxItems: 1_000, description: "Extension." }))),
  booker_id: Type.Optional(bookerId),
};
const importCustomerId = Type.Optional(
  Nullable(
    Type.String({
      maxLength: 255,
      description: "The id at the source of an import. Remembered: one customer each.",
    }),
  ),
);

const CustomerCreate = Type.Object(
  {
    ...customerWriteAttributes,
    import_customer_id: importCustomerId,
    ignore_mandatory_validation: Type.Optional(Flag),
  },
  { ...closed, title: "CustomerCreate" },
);
const CustomerUpdate = Type.Object(
  { ...customerWriteAttributes, ignore_mandatory_validation: Type.Optional(Flag) },
  { ...closed, title: "CustomerUpdate" },
);

export const sortNames = [
  "firstName",
  "lastName",
  "fullName",
  "email",
  "companyName",
  "externalId",
  "createdAt",
  "updatedAt",
  "totalBookings",
] as const;
export type SortName = (typeof sortNames)[number];

const letter = Type.Optional(
  Type.String({
    maxLength: 8,
    description: "Case- and accent-insensitive; `#` is names that start with no letter.",
  }),
);

const moment = (description: string) => Type.Optional(Type.Unsafe<string>({ ...DateOrTime, description }));

const byField = <Value extends TSchema>(value: Value, description: string) =>
  Type.Optional(
    Type.Record(Type.String(), value, { description: `Extension: ${description}`, "x-deep-object": true }),
  );

/** Which customers are meant, wherever customers are chosen. All that is asked for must hold. */
export const customerFilters = {
  ids: ListParameter(Type.String(), "Customers with these ids."),
  external_ids: ListParameter(Type.String(), "Customers with these external ids."),
  tag_ids: ListParameter(Type.String(), "Customers with any of these tags."),
  without_tags: Type.Optional(
    Type.Boolean({ description: "Extension: customers that have no tag; with `0` those that have one." }),
  ),
  company_ids: ListParameter(
    Type.String(),
    "Extension: customers that have events at any of these companies. Of a company that the caller may not act for nobody is found.",
  ),
  first_name_letter: letter,
  last_name_letter: letter,
  q: Type.Optional(
    Type.String({
      maxLength: 500,
      description:
        "Every word is the start of a word of name, company, e-mail, phone, external id or a searchable field. A phone is found in national, international or last-digits form.",
    }),
  ),
  booker_id: Type.Optional(Type.String({ maxLength: 255 })),
  has_bookings: Type.Optional(
    Type.Boolean({ description: "Extension: customers that have bookings; with `0` those that have none." }),
  ),
  created_since: moment("Extension: created then or later. A date or a date-time, as `updated_since`."),
  created_before: moment("Extension: created before then."),
  updated_since: Type.Optional(DateOrTime),
  updated_before: moment("Extension: changed last before then."),
  filter: byField(Type.String(), "`filter[<field id or defaultId>]=value`, exact."),
  filter_is: byField(
    OneOf(["set", "unset"]),
    "`filter_is[<field id or defaultId>]=set`: customers that have a value, or with `unset` none.",
  ),
  filter_from: byField(
    Type.String(),
    "`filter_from[<field id or defaultId>]=value`: of a DATE or NUMBER, this value or a later, larger one.",
  ),
  filter_to: byField(
    Type.String(),
    "`filter_to[<field id or defaultId>]=value`: of a DATE or NUMBER, this value or an earlier, smaller one.",
  ),
  filter_contains: byField(
    Type.String({ minLength: 1, maxLength: 100 }),
    "`filter_contains[<field id or defaultId>]=text`: anywhere in the value, case- and accent-insensitive.",
  ),
};

/** The same as part of a body. */
export const CustomerFilters = Type.Object(customerFilters, { ...closed, title: "CustomerFilters" });

export const CustomerListQuery = Type.Object({
  ...Paging,
  ...customerFilters,
  fields: ListParameter(
    Type.String(),
    "Attributes of the answer, field ids or `defaultId`s; `id` always comes. Extension: `firstBookingAt` and `lastBookingAt`, which come only when they are named.",
  ),
  sort: Type.Optional(
    Type.String({ description: `One of ${sortNames.join(", ")}, or a field id. Default firstName.` }),
  ),
  sort_type: Type.Optional(OneOf(["asc", "desc"])),
  cursor: Type.Optional(
    Type.String({ maxLength: 2_000, description: "Extension: `meta.nextCursor` of the page before." }),
  ),
  count: Type.Optional(
    OneOf(["exact", "none"], {
      description: "Extension: `none` leaves the totals null, counting is the dear part of a search.",
    }),
  ),
});

const path = "/v1/enterprise-customers";
const group = "Customers";
export const customerParams = Type.Object({
  customerId: Type.String({ description: "Our id, or with `external=1` the external id." }),
});
export const External = Type.Optional(Flag);
const address = { params: customerParams, query: Type.Object({ external: External }) };

export const listCustomers = route({
  operationId: "listCustomers",
  method: "GET",
  path,
  group,
  summary: "List and search customers",
  scope: "READ",
  query: CustomerListQuery,
  status: 200,
  shape: "list",
  answer: ListedCustomer,
  errors: ["REQUEST_INVALID", "SORT_UNKNOWN", "FIELD_UNKNOWN", "CURSOR_INVALID"],
});

export const createCustomer = route({
  operationId: "createCustomer",
  method: "POST",
  path,
  group,
  summary: "Create a customer",
  scope: "WRITE",
  body: CustomerCreate,
  bodyEnvelope: Type.Object({}),
  status: 201,
  shape: "single",
  answer: Customer,
  errors: [
    "REQUEST_INVALID",
    "FIELD_UNKNOWN",
    "FIELD_VALUE_INVALID",
    "FIELD_MANDATORY",
    "EXTERNAL_ID_INVALID",
    "TAG_UNKNOWN",
    "EXTERNAL_ID_TAKEN",
    "IMPORT_ID_TAKEN",
    "FIELD_VALUE_TAKEN",
  ],
});

export const fetchCustomer = route({
  operationId: "fetchCustomer",
  method: "GET",
  path: `${path}/{customerId}`,
  group,
  summary: "Fetch a customer",
  scope: "READ",
  ...address,
  status: 200,
  shape: "single",
  answer: Customer,
  errors: ["CUSTOMER_NOT_FOUND"],
});

export const updateCustomer = route({
  operationId: "updateCustomer",
  method: "PATCH",
  path: `${path}/{customerId}`,
  group,
  summary: "Update a customer",
  description: "Fields that are named are set, others stay. A write that changes nothing leaves no trace.",
  scope: "WRITE",
  ...address,
  body: CustomerUpdate,
  bodyEnvelope: Type.Object({}),
  status: 200,
  shape: "single",
  answer: Customer,
  errors: [
    "REQUEST_INVALID",
    "CUSTOMER_NOT_FOUND",
    "FIELD_UNKNOWN",
    "FIELD_VALUE_INVALID",
    "FIELD_MANDATORY",
    "EXTERNAL_ID_INVALID",
    "TAG_UNKNOWN",
    "EXTERNAL_ID_TAKEN",
    "FIELD_VALUE_TAKEN",
    "VERSION_MISMATCH",
  ],
});

export const deleteCustomer = route({
  operationId: "deleteCustomer",
  method: "DELETE",
  path: `${path}/{customerId}`,
  group,
  summary: "Delete a customer",
  description: "Gone from every list; the external id is free again; bookings stay, without the person.",
  scope: "DELETE",
  ...address,
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["CUSTOMER_NOT_FOUND", "VERSION_MISMATCH"],
});
