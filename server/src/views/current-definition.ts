import { bookingAttributes, customerAttributes, sortNames } from "@clientele/contract/customers";
import { type Definitions, findField } from "../custom-fields/definitions.ts";
import { withoutDeleted } from "../customers/list/filters.ts";
import type { Definition } from "./store.ts";

const attributes = new Set<string>([
  ...Object.keys({ ...customerAttributes, ...bookingAttributes }),
  ...sortNames,
]);

/** The definition without deleted fields and tags, so that it is a valid list request. */
export function withoutDeletedNames(
  definitions: Definitions,
  { columns, sort, query, ...rest }: Definition,
): Definition {
  const isField = (name: string) => findField(definitions, name) !== undefined;
  const exists = (name: string) => attributes.has(name) || isField(name);
  return {
    ...rest,
    ...(columns && { columns: columns.filter(({ id }) => exists(id)) }),
    ...(sort !== undefined && exists(sort) && { sort }),
    ...(query && { query: withoutDeleted(definitions, query) }),
  };
}
