import {
  bookingAttributes,
  customerAttributes,
  type listCustomers,
  sortNames,
} from "@clientele/contract/customers";
import type { FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { RequestOf } from "@clientele/contract/route";
import { type Definitions, findField } from "../../custom-fields/definitions.ts";
import { allAttributes, type ListedAttribute, type Projection } from "../customer-json.ts";
import { fieldNamesOf } from "./field-filters.ts";
import { type Filters, readFilters } from "./filters.ts";
import { type Sort, sortNamed } from "./sort.ts";

export type ListQuery = RequestOf<typeof listCustomers>["query"];

export type ListRequest = { filters: Filters; sort: Sort; descending: boolean; projection: Projection };

/** The list that a query asks for, and every error. */
export function readListQuery(
  definitions: Definitions,
  query: ListQuery,
): { request: ListRequest; fieldErrors: readonly FieldError[] } {
  const { page, limit, cursor, count, sort: sortName, sort_type, fields, ...filterQuery } = query;
  const fieldErrors: FieldError[] = [];
  const fieldNames = () => fieldNamesOf(definitions);
  const sort = sortNamed(definitions, sortName || "firstName");
  if (!sort)
    fieldErrors.push(
      fieldError("sort", "SORT_UNKNOWN", reason("NOT_ONE_OF", { options: [...sortNames, ...fieldNames()] })),
    );
  const { filters, fieldErrors: ofFilters } = readFilters(definitions, filterQuery);
  fieldErrors.push(...ofFilters);
  const projection = readProjection(definitions, fields, fieldErrors, fieldNames);
  return {
    // biome-ignore lint/style/noNonNullAssertion: callers refuse a query with errors before they read the request.
    request: { filters, sort: sort!, descending: sort_type === "desc", projection },
    fieldErrors,
  };
}

const fieldError = (path: string, code: FieldError["code"], why: Reason): FieldError => ({
  in: "query",
  path,
  code,
  ...why,
});
const attributeNames = Object.keys({ ...customerAttributes, ...bookingAttributes });
const isAttribute = (name: string): name is ListedAttribute => attributeNames.includes(name);

/** An attribute takes precedence over a field of the same name. A field alone includes the attribute `fields`. */
function readProjection(
  definitions: Definitions,
  names: readonly string[] | undefined,
  fieldErrors: FieldError[],
  fieldNames: () => string[],
): Projection {
  if (names === undefined || names.length === 0) return allAttributes;
  const attributes = new Set<ListedAttribute>(["id"]);
  const fieldIds = new Set<string>();
  for (const [index, name] of names.entries()) {
    const field = findField(definitions, name);
    if (isAttribute(name)) attributes.add(name);
    else if (field) fieldIds.add(field.id);
    else {
      const allowed = [...new Set([...attributeNames, ...fieldNames()])];
      fieldErrors.push(
        fieldError(`fields.${index}`, "FIELD_UNKNOWN", reason("NOT_ONE_OF", { options: allowed })),
      );
    }
  }
  if (attributes.has("fields")) return { attributes, fieldIds: null };
  if (fieldIds.size > 0) attributes.add("fields");
  return { attributes, fieldIds };
}
