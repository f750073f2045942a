import { type Definitions, type Field, findField } from "../../custom-fields/definitions.ts";
import { fieldHeadings } from "../../tables/headings.ts";
import { writeList } from "../../tables/list-cell.ts";

const attributes = ["id", "external_id", "import_customer_id", "booker_id", "tag_ids"] as const;

/** Converts JSON rows into table rows with the same meaning, as far as their attributes have a heading. */
export function flatRecords(definitions: Definitions): {
  headings: readonly string[];
  cellsOf: (record: unknown) => readonly string[];
} {
  const { fields } = definitions;
  return {
    headings: [...attributes, ...fields.map(fieldHeadings(definitions))],
    cellsOf: (record) => {
      const row = objectOf(record);
      const values = valuesIn(definitions, row);
      return [
        ...attributes.map((name) => cellOf(row[name])),
        ...fields.map((field) => cellOf(values.get(field))),
      ];
    },
  };
}

function valuesIn(definitions: Definitions, row: Record<string, unknown>): Map<Field, unknown> {
  const values = new Map<Field, unknown>();
  const add = (name: unknown, value: unknown) => {
    const field =
      typeof name === "string" ? (findField(definitions, name) ?? definitions.byLabel.get(name)) : undefined;
    if (field && !values.has(field)) values.set(field, value);
  };
  const entries = Array.isArray(row["customfields"]) ? row["customfields"] : [];
  for (const { id, value, values: several } of entries.map(objectOf)) add(id, several ?? value);
  for (const [name, value] of Object.entries(objectOf(row["values"]))) add(name, value);
  return values;
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  const isList = Array.isArray(value) && value.every((value) => typeof value === "string");
  return isList ? writeList(value) : JSON.stringify(value);
}
