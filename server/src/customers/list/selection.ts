import { bodyFault, type Fault } from "@clientele/contract/errors";
import type { Static } from "@clientele/contract/formats";
import type { Selection } from "@clientele/contract/selection";
import type { Definitions } from "../../custom-fields/definitions.ts";
import { type Filters, readFilters } from "./query.ts";

/**
 * Which customers the `selection` of a body means, and all that is wrong with it. That some are left out is not among
 * the filters.
 */
export function readSelection(
  definitions: Definitions,
  { ids, query, except_ids }: Static<typeof Selection>,
): { filters: Filters; faults: Fault[] } {
  const faults: Fault[] = [];
  if ((ids === undefined) === (query === undefined))
    faults.push(bodyFault("selection", "REQUEST_INVALID", "must have either ids or a query"));
  if (query === undefined && except_ids !== undefined)
    faults.push(bodyFault("selection.except_ids", "REQUEST_INVALID", "goes with a query alone"));
  const read = readFilters(definitions, query ?? { ids: ids ?? [] });
  const found = read.faults.map(({ path, code, message }) =>
    bodyFault(`selection.query.${path}`, code, message),
  );
  return { filters: read.filters, faults: [...faults, ...found] };
}
