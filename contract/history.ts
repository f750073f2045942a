import { Type } from "typebox";
import { categoryParams } from "./categories.ts";
import { fieldParams } from "./custom-fields.ts";
import { Customer, customerAttributes, customerParams, External } from "./customers.ts";
import { Paging } from "./envelopes.ts";
import { closed, DateOrTime, ExternalId, Flag, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

export const Change = Type.Object(
  {
    id: Type.String({ description: "Ordered within the record." }),
    at: Timestamp,
    kind: OneOf(["created", "updated", "deleted"]),
    reason: Type.String({
      description: "What made it: `request`, `import`, `undo`, `restore`, `field_deleted`, `tag_deleted`, …",
    }),
    version: Type.Integer(),
    appId: Nullable(Id),
    appName: Type.String(),
    personId: Nullable(Id),
    personName: Type.String(),
    companyId: Nullable(Id),
    importId: Nullable(Type.String({ description: "The import that made it." })),
    importLine: Nullable(Type.Integer({ description: "0-based row of the import." })),
    requestId: Type.String(),
    changes: Type.Array(
      Type.Object({
        attribute: Type.String({
          description: "`externalId`, `tags`, … or `fields.<field id>`; of a field or category its own.",
        }),
        label: Type.String(),
        before: Type.Unknown({ description: "Null when it was unset." }),
        after: Type.Unknown({ description: "Null when it is unset." }),
      }),
    ),
  },
  { title: "Change" },
);

const { totalBookings: _counted, ...written } = customerAttributes;

/** A customer as it was. What is counted, not written, has no history. */
export const PastCustomer = Type.Object(written, {
  title: "PastCustomer",
  description:
    "Without `totalBookings`. Fields and tags that are gone since have the name that they had last.",
});

const CustomerChange = Type.Object(
  { ...Change.properties, customer: Type.Optional(PastCustomer) },
  { title: "CustomerChange" },
);

export const listHistory = route({
  operationId: "listHistory",
  method: "GET",
  path: "/v1/enterprise-customers/{customerId}/history",
  group: "Customers",
  summary: "List what happened to a customer, newest first",
  description:
    "A deleted customer's history can still be read, by our id. With `as_of` it is the history until then, a date being the end of its day, and the newest entry has the `customer` as it was.",
  scope: "READ",
  extension: true,
  params: customerParams,
  query: Type.Object({
    external: External,
    ...Paging,
    as_of: Type.Optional(DateOrTime),
  }),
  status: 200,
  shape: "list",
  answer: CustomerChange,
  errors: ["REQUEST_INVALID", "CUSTOMER_NOT_FOUND"],
});

export const restoreCustomer = route({
  operationId: "restoreCustomer",
  method: "POST",
  path: "/v1/enterprise-customers/{customerId}/restore",
  group: "Customers",
  summary: "Bring back a version of a customer, or a deleted customer",
  description:
    "As it was in `version` or at the time `as_of`, a date being the end of its day; a deleted customer without either as it last was, with its id, its history and those of its bookings that nobody else has. Tags, fields and options that are gone since stay gone. What a write is refused for, this is too. Bringing back what is so already changes nothing.",
  scope: "WRITE",
  extension: true,
  params: customerParams,
  query: Type.Object({ external: External }),
  body: Type.Object(
    {
      version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
      as_of: Type.Optional(DateOrTime),
      external_id: Type.Optional({
        ...Nullable(ExternalId),
        description: 'Instead of the one it had, when that is taken; `""` is none.',
      }),
      import_customer_id: Type.Optional(
        Nullable(Type.String({ maxLength: 255, description: "Instead of the one it had." })),
      ),
      ignore_mandatory_validation: Type.Optional(Flag),
    },
    { ...closed, title: "CustomerRestore" },
  ),
  status: 200,
  shape: "single",
  answer: Customer,
  errors: [
    "REQUEST_INVALID",
    "CUSTOMER_NOT_FOUND",
    "VERSION_UNKNOWN",
    "FIELD_MANDATORY",
    "EXTERNAL_ID_INVALID",
    "EXTERNAL_ID_TAKEN",
    "IMPORT_ID_TAKEN",
    "FIELD_VALUE_TAKEN",
    "VERSION_MISMATCH",
  ],
});

export const listFieldHistory = route({
  operationId: "listFieldHistory",
  method: "GET",
  path: "/v1/enterprise-customers/customfields/{fieldId}/history",
  group: "Custom fields",
  summary: "List what happened to a custom field, newest first",
  description: "A deleted field's history can still be read, by its id.",
  scope: "READ",
  extension: true,
  params: fieldParams,
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Change,
  errors: ["REQUEST_INVALID", "FIELD_NOT_FOUND"],
});

export const listCategoryHistory = route({
  operationId: "listCategoryHistory",
  method: "GET",
  path: "/v1/enterprise-customers/customfields/categories/{categoryId}/history",
  group: "Custom fields",
  summary: "List what happened to a category, newest first",
  description: "A deleted category's history can still be read, by its id.",
  scope: "READ",
  extension: true,
  params: categoryParams,
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Change,
  errors: ["REQUEST_INVALID", "CATEGORY_NOT_FOUND"],
});
