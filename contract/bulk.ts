import { Type } from "typebox";
import { closed, Flag, StrictFlag } from "./formats.ts";
import { BulkChange, ImportJob } from "./import-jobs.ts";
import { route } from "./route.ts";
import { Selection } from "./selection.ts";

export const bulkChangeCustomers = route({
  operationId: "bulkChangeCustomers",
  method: "POST",
  path: "/v1/customer-bulk-changes",
  group: "Imports",
  summary: "Change many customers in one job",
  description:
    "The job changes the customers that the selection matches when the request is accepted; each change applies to the customer's state at the time it is processed. The job is an import: use the import endpoints to follow, cancel and undo it and to list the outcome of each customer. With `dry_run` it computes a plan to review and apply. An undo reverts values that have not changed since, and restores deleted customers with their bookings. Deleting requires the scope DELETE.",
  scope: "WRITE",
  extension: true,
  body: Type.Object(
    {
      selection: Selection,
      change: BulkChange,
      expected_count: Type.Optional(
        Type.Integer({
          minimum: 0,
          description:
            "The request is rejected when the selection matches a different number of customers; `extras.count` is the actual number.",
        }),
      ),
      dry_run: Type.Optional(StrictFlag),
      ignore_mandatory_validation: Type.Optional(Flag),
    },
    { ...closed, title: "BulkChangeRequest" },
  ),
  status: 202,
  shape: "single",
  answer: ImportJob,
  errors: ["REQUEST_INVALID", "FIELD_UNKNOWN", "FIELD_VALUE_INVALID", "TAG_UNKNOWN", "SELECTION_CHANGED"],
});
