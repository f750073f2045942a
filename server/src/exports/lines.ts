import type { ExportAttribute } from "@clientele/contract/exports";
import { type Definitions, type Field, findField } from "../custom-fields/definitions.ts";
import { writePhoneCell } from "../tables/phone-cell.ts";
import type { ExportColumn } from "./columns.ts";
import type { ExportedCustomer } from "./customer.ts";

const attributes: Record<
  ExportAttribute,
  readonly [string, (customer: ExportedCustomer) => string | number | readonly string[]]
> = {
  id: ["id", ({ id }) => id],
  external_id: ["external_id", ({ externalId }) => externalId],
  import_customer_id: ["import_customer_id", ({ importCustomerId }) => importCustomerId],
  booker_id: ["booker_id", ({ bookerId }) => bookerId],
  tags: ["tag_ids", ({ tagIds }) => tagIds],
  created_at: ["created_at", ({ createdAt }) => createdAt],
  updated_at: ["updated_at", ({ updatedAt }) => updatedAt],
  total_bookings: ["total_bookings", ({ totalBookings }) => Number(totalBookings)],
};

/** Writes customers as JSON lines that an import reads. Unset attributes are omitted. */
export function lineWriter(
  definitions: Definitions,
  columns: readonly ExportColumn[],
): (customer: ExportedCustomer) => string {
  const named = columns.filter((column) => typeof column === "string").map((name) => attributes[name]);
  const fields = columns
    .filter((column) => typeof column !== "string")
    .map((field) => ({ ...field, name: JSON.stringify(nameOf(definitions, field)) }));
  return (customer) => {
    const parts: string[] = [];
    for (const [name, read] of named) {
      const value = read(customer);
      if (typeof value === "number" || value.length > 0) parts.push(`"${name}":${JSON.stringify(value)}`);
    }
    const values: string[] = [];
    for (const { key, type, name } of fields) {
      const value = customer.values[key];
      if (value === undefined) continue;
      const written = type === "PHONE" ? writePhoneCell(value as string) : value;
      values.push(`${name}:${JSON.stringify(written)}`);
    }
    if (values.length > 0) parts.push(`"values":{${values.join(",")}}`);
    return `{${parts.join(",")}}\n`;
  };
}

/** The field's `defaultId` or label, which another enterprise can match, unless the label is ambiguous. */
function nameOf(definitions: Definitions, { id, defaultId, label }: Field): string {
  if (defaultId !== "") return defaultId;
  const isOthers = findField(definitions, label) !== undefined;
  return isOthers || label === "__proto__" ? id : label;
}
