import type { ErrorLocation, FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { required } from "../../validation/required.ts";

/**
 * Validates the encoding of an address before routing. Routers keep percent-encodings that they cannot decode, and a
 * search for one would find nothing without an error.
 */
export function addressErrors(url: string, params: unknown): FieldError[] {
  const fieldErrors: FieldError[] = [];
  for (const [name, value] of Object.entries(params ?? {})) {
    const why = escapeErrorOf(String(value));
    if (why) fieldErrors.push(errorAt("params", name, why));
  }
  const mark = url.indexOf("?");
  if (mark >= 0) fieldErrors.push(...queryErrors(url.slice(mark + 1)));
  return fieldErrors;
}

const errorAt = (place: ErrorLocation, path: string, why: Reason): FieldError => ({
  in: place,
  path,
  code: "REQUEST_INVALID",
  ...why,
});

function queryErrors(query: string): FieldError[] {
  if (!query.includes("%")) return [];
  const fieldErrors = new Map<string, FieldError>();
  for (const pair of query.split("&")) {
    const text = decoded(pair.replaceAll("+", " "));
    const why = text === undefined ? reason("PERCENT_ENCODING_INVALID") : escapeErrorOf(text);
    const name = required(pair.split("=", 1)[0], "parameter name");
    const path = decoded(name) ?? name;
    if (why && !fieldErrors.has(path)) fieldErrors.set(path, errorAt("query", path, why));
  }
  return [...fieldErrors.values()];
}

/** Percent-encoded surrogates are not valid UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const escapeErrorOf = (text: string): Reason | undefined =>
  text.includes("\0") ? reason("NUL_CHARACTER") : undefined;
