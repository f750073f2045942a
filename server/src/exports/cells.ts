import type { ExportAttribute } from "@clientele/contract/exports";
import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { fieldTypeRules } from "../custom-fields/field-types.ts";
import { fieldHeadings, readOnlyHeading } from "../tables/headings.ts";
import { writeList } from "../tables/list-cell.ts";
import { writePhoneCell } from "../tables/phone-cell.ts";
import type { ExportColumn } from "./columns.ts";
import { type ExportedCustomer, isReadOnly, readOnlyWriters } from "./customer.ts";

type WriteCell = (customer: ExportedCustomer) => string;

/** The headings and cells of columns, as an import reads them back. */
export function cellWriter(
  definitions: Definitions,
  columns: readonly ExportColumn[],
): { headings: string[]; cellsOf: (customer: ExportedCustomer) => string[] } {
  const headingOf = fieldHeadings(definitions);
  const headings = columns.map((column) => {
    if (typeof column !== "string") return headingOf(column);
    return isReadOnly(column) ? readOnlyHeading(definitions, column) : column;
  });
  const writers = columns.map((column) =>
    typeof column === "string" ? attributeWriter(definitions, column) : fieldWriter(column),
  );
  return { headings, cellsOf: (customer) => writers.map((write) => write(customer)) };
}

function fieldWriter({ key, type }: Field): WriteCell {
  const isPhone = fieldTypeRules[type].stored === "phone";
  return ({ values }) => {
    const value = values[key];
    if (value === undefined) return "";
    if (typeof value !== "string") return writeList(value);
    return isPhone ? writePhoneCell(value) : value;
  };
}

function attributeWriter({ tagNames }: Definitions, name: ExportAttribute): WriteCell {
  if (isReadOnly(name)) return readOnlyWriters[name];
  const writers: Record<Exclude<ExportAttribute, keyof typeof readOnlyWriters>, WriteCell> = {
    id: (customer) => customer.id,
    external_id: (customer) => customer.externalId,
    import_customer_id: (customer) => customer.importCustomerId,
    booker_id: (customer) => customer.bookerId,
    tags: ({ tagIds }) => (tagIds.length === 0 ? "" : writeList(tagTexts(tagIds, tagNames))),
  };
  return writers[name];
}

/** Sorted by name, so that the order does not depend on ids. */
function tagTexts(ids: readonly string[], tagNames: ReadonlyMap<string, string>): string[] {
  const names = ids.flatMap((id) => {
    const name = tagNames.get(id);
    if (name === undefined) return [];
    // The name could be another tag's id.
    return [tagNames.has(name) ? id : name];
  });
  return names.sort();
}
