import type { Input } from "@clientele/sdk";

type FieldWrite = Input<"createCustomField">["body"];
export type EventRow = Input<"createEvents">["body"]["events"][number];

/** A field that the data needs. Its external id finds it again, and names it in the customers' values. */
export type FieldPlan = FieldWrite & { external_id: string };

export type PlannedCustomer = {
  externalId: string;
  /** By `defaultId`, or by the external id of one of the planned fields. What is undefined or `""` is not sent. */
  values: Record<string, string | readonly string[] | undefined>;
  tags?: readonly string[];
};

/** Something of the input that could not be taken as it stands. */
export type Warning = { customer: string; message: string };

/** What a demo writes: all of it known before anything is sent, and the same each time. */
export type Dataset = {
  category: { external_id: string; name: string };
  fields: readonly FieldPlan[];
  tags: readonly string[];
  customers: readonly PlannedCustomer[];
  events: readonly EventRow[];
  warnings: readonly Warning[];
};
