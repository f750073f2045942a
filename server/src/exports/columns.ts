import type { FieldError } from "@clientele/contract/errors";
import { type ExportAttribute, type ExportFormat, exportAttributes } from "@clientele/contract/exports";
import { reason } from "@clientele/contract/field-errors";
import { type Definitions, type Field, findField } from "../custom-fields/definitions.ts";
import { isReadOnly } from "./customer.ts";

export type ExportColumn = ExportAttribute | Field;

const before = exportAttributes.filter((name) => !isReadOnly(name));
const after = exportAttributes.filter(isReadOnly);

/** The requested columns in their order; all of them by default. */
export function readColumns(
  definitions: Definitions,
  format: ExportFormat,
  names: readonly string[] | undefined,
): { columns: readonly ExportColumn[]; fieldErrors: readonly FieldError[] } {
  const { fields } = definitions;
  if (names === undefined || names.length === 0) {
    // An import rejects read-only attributes in NDJSON.
    const rest = format === "ndjson" ? [] : after;
    return { columns: [...before, ...fields, ...rest], fieldErrors: [] };
  }
  const columns = new Set<ExportColumn>();
  const fieldErrors: FieldError[] = [];
  for (const [index, name] of names.entries()) {
    const attribute = attributes.get(name);
    const field = findField(definitions, name);
    if (attribute) columns.add(attribute);
    else if (field) columns.add(field);
    else if (name === "fields") for (const each of fields) columns.add(each);
    else {
      const allowed = [...exportAttributes, "fields", ...fields.map(({ defaultId, id }) => defaultId || id)];
      const why = reason("NOT_ONE_OF", { options: allowed });
      fieldErrors.push({ in: "query", path: `fields.${index}`, code: "FIELD_UNKNOWN", ...why });
    }
  }
  return { columns: [...columns], fieldErrors };
}

const camelCase = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** In the spelling of requests (`external_id`) and of answers (`externalId`). */
const attributes = new Map<string, ExportAttribute>(
  exportAttributes.flatMap((name) => [
    [name, name],
    [camelCase(name), name],
  ]),
);
