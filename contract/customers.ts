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
      number: Type.String({ description: "National number without the leading zero." }),
      code: Type.String({ description: "Country, ISO 3166-1 alpha-2." }),
    },
    closed,
  ),
  Type.Object({}, { ...closed, description: "Empty without a phone." }),
]);

export const CustomerTag = Type.Object({ id: Id, name: Type.String() });

/** The attributes of a customer, in the order of responses. */
export const customerAttributes = {
  id: Id,
  externalId: Type.String(),
  globalId: Type.Null({ description: "Always null: the registry is the global record." }),
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
  fields: Type.Array(CustomerField, { description: "The fields that have a value, in definition order." }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  ts: Type.Integer({ description: "`updatedAt` in Unix seconds." }),
};
export type CustomerAttribute = keyof typeof customerAttributes;

export const Customer = Type.Object(customerAttributes, { title: "Customer" });

/** Attributes that a list returns only when `fields` names them. */
export const bookingAttributes = {
  firstBookingAt: Nullable({ ...Timestamp, description: "Start of the customer's first booking." }),
  lastBookingAt: Nullable({ ...Timestamp, description: "Start of the customer's last booking." }),
};
export type BookingAttribute = keyof typeof bookingAttributes;

/** A customer in a list: with `fields`, only the attributes named. */
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
          description:
            '`""` and null clear the field. PHONE: `{"number","country"}` as a JSON string, or E.164.',
        }),
      ),
    ),
    values: Type.Optional(
      Nullable(
        Type.Array(Type.String(), {
          maxItems: 1_000,
          description: "Extension: the values of a MULTI_SELECT.",
        }),
      ),
    ),
  },
  closed,
);

const bookerId = Nullable(
  Type.String({ maxLength: 255, description: "Extension: id of the person who books for this customer." }),
);

/** The attributes that a create, an update and a row of an import can set. */
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
      description:
        "The customer's id in the system that the import comes from. It is stored and unique to one customer.",
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
    description:
      "First letter of the name, case- and accent-insensitive. `#` matches names that do not start with a letter.",
  }),
);

const moment = (description: string) => Type.Optional(Type.Unsafe<string>({ ...DateOrTime, description }));

const byField = <Value extends TSchema>(value: Value, description: string) =>
  Type.Optional(
    Type.Record(Type.String(), value, { description: `Extension: ${description}`, "x-deep-object": true }),
  );

/** The filters of lists, exports, selections and views. A customer must match every filter. */
export const customerFilters = {
  ids: ListParameter(Type.String(), "Only customers with these ids."),
  external_ids: ListParameter(Type.String(), "Only customers with these external ids."),
  tag_ids: ListParameter(Type.String(), "Only customers with at least one of these tags."),
  without_tags: Type.Optional(
    Type.Boolean({
      description: "Extension: only customers without tags; with `0` only customers that have tags.",
    }),
  ),
  company_ids: ListParameter(
    Type.String(),
    "Extension: only customers with events at one of these branches (`company` in the API). A branch that the caller may not act for matches no customer.",
  ),
  first_name_letter: letter,
  last_name_letter: letter,
  q: Type.Optional(
    Type.String({
      maxLength: 500,
      description:
        "Every word of the query must be the start of a word in the name, company, e-mail, phone, external id or a searchable field. Phone numbers match in national form, in international form or by their last digits.",
    }),
  ),
  booker_id: Type.Optional(Type.String({ maxLength: 255 })),
  has_bookings: Type.Optional(
    Type.Boolean({
      description: "Extension: only customers that have bookings; with `0` only customers without bookings.",
    }),
  ),
  created_since: moment("Extension: created at this date or date-time, or later."),
  created_before: moment("Extension: created before this date or date-time."),
  updated_since: Type.Optional(DateOrTime),
  updated_before: moment("Extension: last changed before this date or date-time."),
  filter: byField(Type.String(), "`filter[<field id or defaultId>]=value` matches the exact value."),
  filter_is: byField(
    OneOf(["set", "unset"]),
    "`filter_is[<field id or defaultId>]=set` matches customers that have a value, `unset` customers without one.",
  ),
  filter_from: byField(
    Type.String(),
    "`filter_from[<field id or defaultId>]=value` matches values of a DATE or NUMBER from this one on.",
  ),
  filter_to: byField(
    Type.String(),
    "`filter_to[<field id or defaultId>]=value` matches values of a DATE or NUMBER up to and including this one.",
  ),
  filter_contains: byField(
    Type.String({ minLength: 1, maxLength: 100 }),
    "`filter_contains[<field id or defaultId>]=text` matches values that contain the text, case- and accent-insensitive.",
  ),
};

/** The filters as part of a body. */
export const CustomerFilters = Type.Object(customerFilters, { ...closed, title: "CustomerFilters" });

export const CustomerListQuery = Type.Object({
  ...Paging,
  ...customerFilters,
  fields: ListParameter(
    Type.String(),
    "Attributes, field ids or `defaultId`s to return; `id` is always returned. Extension: `firstBookingAt` and `lastBookingAt`, which are returned only when named here.",
  ),
  sort: Type.Optional(
    Type.String({ description: `One of ${sortNames.join(", ")}, or a field id. Default firstName.` }),
  ),
  sort_type: Type.Optional(OneOf(["asc", "desc"])),
  cursor: Type.Optional(
    Type.String({ maxLength: 2_000, description: "Extension: `meta.nextCursor` of the previous page." }),
  ),
  count: Type.Optional(
    OneOf(["exact", "none"], {
      description:
        "Extension: with `none` the totals are null, and the search is faster because counting dominates its cost.",
    }),
  ),
});

const path = "/v1/enterprise-customers";
const group = "Customers";
export const customerParams = Type.Object({
  customerId: Type.String({ description: "The customer's id, or with `external=1` the external id." }),
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
  description:
    "Sets the attributes and fields in the body; the others stay. A write that changes nothing keeps the version and adds no history.",
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
  description:
    "Removes the customer from every list and frees the external id. Bookings are kept without the customer's personal data.",
  scope: "DELETE",
  ...address,
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["CUSTOMER_NOT_FOUND", "VERSION_MISMATCH"],
});
