import { bodyError, type FieldError } from "@clientele/contract/errors";
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
    bodyError(`selection.${name}`, "REQUEST_INVALID", "is not an attribute here"),
  );
  if ((ids === undefined) === (query === undefined))
    fieldErrors.push(bodyError("selection", "REQUEST_INVALID", "must have either ids or a query"));
  if (query === undefined && except_ids !== undefined)
    fieldErrors.push(bodyError("selection.except_ids", "REQUEST_INVALID", "goes with a query alone"));
  const read = readFilters(definitions, query ?? { ids: ids ?? [] });
  const found = read.fieldErrors.map(({ path, code, message }) =>
    bodyError(`selection.query.${path}`, code, message),
  );
  return { filters: read.filters, fieldErrors: [...fieldErrors, ...found] };
}
