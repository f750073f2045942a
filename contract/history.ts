import { Type } from "typebox";
import { customerParams, External } from "./customers.ts";
import { Paging } from "./envelopes.ts";
import { Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route } from "./route.ts";

export const Change = Type.Object(
  {
    id: Type.String({ description: "Ordered within the customer." }),
    at: Timestamp,
    kind: OneOf(["created", "updated", "deleted"]),
    reason: Type.String({
      description: "What made it: `request`, `import`, `field_deleted`, `tag_deleted`, …",
    }),
    version: Type.Integer(),
    appId: Nullable(Id),
    appName: Type.String(),
    companyId: Nullable(Id),
    importLine: Nullable(Type.Integer({ description: "0-based row of the import." })),
    requestId: Type.String(),
    changes: Type.Array(
      Type.Object({
        attribute: Type.String({ description: "`externalId`, `tags`, … or `fields.<field id>`." }),
        label: Type.String(),
        before: Type.Unknown({ description: "Null when it was unset." }),
        after: Type.Unknown({ description: "Null when it is unset." }),
      }),
    ),
  },
  { title: "Change" },
);

export const listHistory = route({
  operationId: "listHistory",
  method: "GET",
  path: "/v1/enterprise-customers/{customerId}/history",
  group: "Customers",
  summary: "List what happened to a customer, newest first",
  description: "A deleted customer's history can still be read, by our id.",
  scope: "READ",
  extension: true,
  params: customerParams,
  query: Type.Object({ external: External, ...Paging }),
  status: 200,
  shape: "list",
  answer: Change,
  errors: ["REQUEST_INVALID", "CUSTOMER_NOT_FOUND"],
});
