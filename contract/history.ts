import { Type } from "typebox";
import { categoryParams } from "./categories.ts";
import { fieldParams } from "./custom-fields.ts";
import { Customer, customerAttributes, customerParams, External } from "./customers.ts";
import { Paging } from "./envelopes.ts";
import { closed, DateOrTime, ExternalId, Flag, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

export const Change = Type.Object(
  {
    id: Type.String({ description: "Ids of one record are in order." }),
    at: Timestamp,
    kind: OneOf(["created", "updated", "deleted"]),
    reason: Type.String({
      description:
        "Cause of the change: `request`, `import`, `undo`, `restore`, `field_deleted`, `tag_deleted`, …",
    }),
    version: Type.Integer(),
    appId: Nullable(Id),
    appName: Type.String(),
    personId: Nullable(Id),
    personName: Type.String(),
    companyId: Nullable(Id),
    importId: Nullable(Type.String({ description: "The import that made the change." })),
    importLine: Nullable(Type.Integer({ description: "0-based row of the import." })),
    requestId: Type.String(),
    changes: Type.Array(
      Type.Object({
        attribute: Type.String({
          description:
            "`externalId`, `tags`, … or `fields.<field id>`; for a field or category an attribute of its own.",
        }),
        label: Type.String(),
        before: Type.Unknown({ description: "Null if it was unset." }),
        after: Type.Unknown({ description: "Null if it was removed." }),
      }),
    ),
  },
  { title: "Change" },
);

const { totalBookings: _counted, ...written } = customerAttributes;

/** A customer as it was. Computed attributes have no history. */
export const PastCustomer = Type.Object(written, {
  title: "PastCustomer",
  description: "Has no `totalBookings`. Fields and tags deleted since have their last name.",
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
  summary: "List the history of a customer, newest first",
  description:
    "The history of a deleted customer remains available by its id. With `as_of` the list ends at that time (a date means the end of that day), and the newest entry contains the `customer` as it was.",
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
  summary: "Restore a version of a customer, or a deleted customer",
  description:
    "Restores the state in `version` or at the time `as_of` (a date means the end of that day). A deleted customer without either is restored to its last state, with its id, its history and its bookings, except those assigned to another customer since. Tags, fields and options deleted since are not restored. The checks of a write apply. Restoring the current state changes nothing.",
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
        description:
          'Replaces the former external id, for example when it is taken; `""` restores without one.',
      }),
      import_customer_id: Type.Optional(
        Nullable(Type.String({ maxLength: 255, description: "Replaces the former import customer id." })),
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
  summary: "List the history of a custom field, newest first",
  description: "The history of a deleted field remains available by its id.",
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
  summary: "List the history of a category, newest first",
  description: "The history of a deleted category remains available by its id.",
  scope: "READ",
  extension: true,
  params: categoryParams,
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: Change,
  errors: ["REQUEST_INVALID", "CATEGORY_NOT_FOUND"],
});
