import type { FieldError } from "@clientele/contract/errors";
import type { Definitions } from "../custom-fields/definitions.ts";
import type { Check } from "../validation/schema-check.ts";
import { type ReadOptions, type Row, readRow, type WrittenRow } from "./read-row.ts";

/**
 * Reads a row whose shape nobody has checked yet. What does not fit is left out and the rest is read, so that a
 * misspelt attribute and a wrong value are told of together.
 */
export function checkAndRead(
  definitions: Definitions,
  index: number,
  row: unknown,
  check: Check,
  options: ReadOptions,
): Row {
  const fieldErrors = check(row);
  if (fieldErrors.length === 0) return readRow(definitions, index, row as WrittenRow, options);
  const read = readRow(definitions, index, withoutInvalid(row, fieldErrors), options);
  return { ...read, fieldErrors: [...fieldErrors, ...read.fieldErrors] };
}

const lists = new Set(["customfields", "tag_ids"]);

function withoutInvalid(row: unknown, fieldErrors: readonly FieldError[]): WrittenRow {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return {};
  const rest: Record<string, unknown> = { ...row };
  for (const { path } of fieldErrors) {
    const [attribute = "", entry] = path.split(".", 2);
    const value = rest[attribute];
    if (entry !== undefined && lists.has(attribute) && Array.isArray(value)) {
      // A hole, for the entries behind it keep their places.
      rest[attribute] = value.map((item, position) => (String(position) === entry ? undefined : item));
    } else if (entry !== undefined && attribute === "values" && typeof value === "object" && value !== null) {
      const name = path.slice("values.".length);
      rest[attribute] = Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
    } else {
      delete rest[attribute];
    }
  }
  return rest;
}
