import { Type } from "typebox";
import { closed, Flag } from "./formats.ts";
import { BulkChange, ImportJob } from "./import-jobs.ts";
import { route } from "./route.ts";
import { Selection } from "./selection.ts";

export const bulkChangeCustomers = route({
  operationId: "bulkChangeCustomers",
  method: "POST",
  path: "/v1/customer-bulk-changes",
  group: "Imports",
  summary: "Change many customers in one go, as a job",
  description:
    "The customers are those that are selected when it is accepted; each is changed as it is when its turn comes. The job is an import: it is followed, cancelled and undone like one, tells of each customer, and with `dry_run` is a plan to look at and to perform. An undo takes back what nobody has changed since, and brings deleted customers back with their bookings. To delete needs the scope DELETE.",
  scope: "WRITE",
  extension: true,
  body: Type.Object(
    {
      selection: Selection,
      change: BulkChange,
      expected_count: Type.Optional(
        Type.Integer({
          minimum: 0,
          description: "Refused when this is not how many are selected; `extras.count` tells how many are.",
        }),
      ),
      dry_run: Type.Optional(Flag),
      ignore_mandatory_validation: Type.Optional(Flag),
    },
    { ...closed, title: "BulkChangeRequest" },
  ),
  status: 202,
  shape: "single",
  answer: ImportJob,
  errors: ["REQUEST_INVALID", "FIELD_UNKNOWN", "FIELD_VALUE_INVALID", "TAG_UNKNOWN", "SELECTION_CHANGED"],
});
