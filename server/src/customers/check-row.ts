import type { FieldError } from "@clientele/contract/errors";
import type { Definitions } from "../custom-fields/definitions.ts";
import type { Check } from "../validation/schema-check.ts";
import { type ParsedRow, type ReadOptions, type RowInput, readRow } from "./read-row.ts";

/**
 * Validates and reads a row of unchecked shape. Invalid parts are dropped and the rest is read, so that one
 * response reports a misspelt attribute and an invalid value together.
 */
export function checkAndRead(
  definitions: Definitions,
  index: number,
  row: unknown,
  check: Check,
  options: ReadOptions,
): ParsedRow {
  const fieldErrors = check(row);
  if (fieldErrors.length === 0) return readRow(definitions, index, row as RowInput, options);
  const read = readRow(definitions, index, withoutInvalid(row, fieldErrors), options);
  return { ...read, fieldErrors: [...fieldErrors, ...read.fieldErrors] };
}

const listAttributes = new Set(["customfields", "tag_ids"]);

function withoutInvalid(row: unknown, fieldErrors: readonly FieldError[]): RowInput {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return {};
  const rest: Record<string, unknown> = { ...row };
  for (const { path } of fieldErrors) {
    const [attribute = "", entry] = path.split(".", 2);
    const value = rest[attribute];
    if (entry !== undefined && listAttributes.has(attribute) && Array.isArray(value)) {
      // Leaves a hole, so that later entries keep their index.
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
