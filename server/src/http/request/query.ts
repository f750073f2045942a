import type { FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { TObject } from "typebox";

type RawQuery = Record<string, string | string[] | undefined>;
type ParameterSchema = {
  type?: string;
  items?: unknown;
  anyOf?: unknown;
  "x-flag"?: boolean;
  "x-deep-object"?: boolean;
};

/**
 * Parses a query string into the values that its schema describes. Lists may be repeated, bracketed or comma-separated;
 * unknown parameters are dropped. Values that cannot be parsed stay text and fail validation.
 */
export function readQuery(
  schema: TObject,
  raw: RawQuery,
): { query: Record<string, unknown>; fieldErrors: FieldError[] } {
  const query: Record<string, unknown> = {};
  const fieldErrors: FieldError[] = [];
  for (const [name, parameter] of Object.entries(schema.properties as Record<string, ParameterSchema>)) {
    const value = readParameter(name, parameter, raw, fieldErrors);
    if (value !== undefined) query[name] = value;
  }
  return { query, fieldErrors };
}

function readParameter(
  name: string,
  schema: ParameterSchema,
  raw: RawQuery,
  fieldErrors: FieldError[],
): unknown {
  if (schema["x-deep-object"]) return readDeepObject(name, raw, fieldErrors);
  const given = [raw[name], raw[`${name}[]`]].flat().filter((value) => value !== undefined);
  if (schema.type === "array") {
    const items = given.flatMap((part) => part.split(",")).map((part) => part.trim());
    const named = items.filter((item) => item !== "");
    return given.length === 0 ? undefined : named;
  }
  if (given.length > 1) {
    fieldErrors.push({
      in: "query",
      path: name,
      code: "REQUEST_INVALID",
      ...reason("GIVEN_TWICE"),
    });
  }
  const [text] = given;
  if (text === undefined || (text === "" && schema.type !== "string")) return undefined;
  if (schema["x-flag"]) return text;
  if (schema.type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (schema.type === "boolean" && /^(true|1)$/.test(text)) return true;
  if (schema.type === "boolean" && /^(false|0)$/.test(text)) return false;
  return text;
}

/** `filter[a]=1&filter[b]=2` */
function readDeepObject(
  name: string,
  raw: RawQuery,
  fieldErrors: FieldError[],
): Record<string, string> | undefined {
  const entries: [string, string][] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (!key.startsWith(`${name}[`) || !key.endsWith("]") || value === undefined) continue;
    if (Array.isArray(value)) {
      fieldErrors.push({
        in: "query",
        path: key,
        code: "REQUEST_INVALID",
        ...reason("GIVEN_TWICE"),
      });
    } else {
      entries.push([key.slice(name.length + 1, -1), value]);
    }
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
