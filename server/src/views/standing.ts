import { bookingAttributes, customerAttributes, sortNames } from "@clientele/contract/customers";
import { type Definitions, findField } from "../custom-fields/definitions.ts";
import { withoutDeleted } from "../customers/list/filters.ts";
import type { Definition } from "./store.ts";

const attributes = new Set<string>([
  ...Object.keys({ ...customerAttributes, ...bookingAttributes }),
  ...sortNames,
]);

/** A definition without the fields and tags that are gone: what is left can be asked for. */
export function standing(
  definitions: Definitions,
  { columns, sort, query, ...rest }: Definition,
): Definition {
  const isField = (name: string) => findField(definitions, name) !== undefined;
  const isThere = (name: string) => attributes.has(name) || isField(name);
  return {
    ...rest,
    ...(columns && { columns: columns.filter(({ id }) => isThere(id)) }),
    ...(sort !== undefined && isThere(sort) && { sort }),
    ...(query && { query: withoutDeleted(definitions, query) }),
  };
}
