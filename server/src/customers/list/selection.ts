import { bodyError, type FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { Static } from "@clientele/contract/formats";
import type { Selection } from "@clientele/contract/selection";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { type Filters, readFilters } from "./filters.ts";

/** The filters of a body's `selection`, and every error. `except_ids` is not among the filters. */
export function readSelection(
  definitions: Definitions,
  { ids, query, except_ids, ...others }: Static<typeof Selection>,
): { filters: Filters; fieldErrors: FieldError[] } {
  // An attribute that the contract gains must be read here: ignoring it would select more than the caller means.
  const unread: Record<string, never> = others;
  const fieldErrors = Object.keys(unread).map((name) =>
    bodyError(`selection.${name}`, "REQUEST_INVALID", reason("ATTRIBUTE_UNKNOWN")),
  );
  if ((ids === undefined) === (query === undefined))
    fieldErrors.push(bodyError("selection", "REQUEST_INVALID", reason("IDS_OR_QUERY_NEEDED")));
  if (query === undefined && except_ids !== undefined)
    fieldErrors.push(bodyError("selection.except_ids", "REQUEST_INVALID", reason("QUERY_NEEDED")));
  const read = readFilters(definitions, query ?? { ids: ids ?? [] });
  const found = read.fieldErrors.map((error) => ({
    ...error,
    in: "body" as const,
    path: `selection.query.${error.path}`,
  }));
  return { filters: read.filters, fieldErrors: [...fieldErrors, ...found] };
}
