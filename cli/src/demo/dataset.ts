import type { Input } from "@clientele/sdk";

type FieldWrite = Input<"createCustomField">["body"];
export type EventRow = Input<"createEvents">["body"]["events"][number];

/** A custom field of the dataset. Its external ID identifies it in later runs and in `PlannedCustomer.values`. */
export type FieldPlan = FieldWrite & { external_id: string };

export type PlannedCustomer = {
  externalId: string;
  /** Values by `defaultId` or by a planned field's external ID. Undefined and `""` are not sent. */
  values: Record<string, string | readonly string[] | undefined>;
  tags?: readonly string[];
};

/** A value of the input that was changed or left out. */
export type Warning = { customer: string; message: string };

/** The records a demo writes: fully built before the first request, and the same in every run. */
export type Dataset = {
  category: { external_id: string; name: string };
  fields: readonly FieldPlan[];
  tags: readonly string[];
  customers: readonly PlannedCustomer[];
  events: readonly EventRow[];
  warnings: readonly Warning[];
};
