import { bookingAttributes, customerAttributes, sortNames } from "@clientele/contract/customers";
import { type Definitions, fieldNamed } from "../custom-fields/definitions.ts";
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
  const isField = (name: string) => fieldNamed(definitions, name) !== undefined;
  const isThere = (name: string) => attributes.has(name) || isField(name);
  return {
    ...rest,
    ...(columns && { columns: columns.filter(({ id }) => isThere(id)) }),
    ...(sort !== undefined && isThere(sort) && { sort }),
    ...(query && { query: standingQuery(definitions, query, isField) }),
  };
}

type Query = NonNullable<Definition["query"]>;
const byField = ["filter", "filter_is", "filter_from", "filter_to", "filter_contains"] as const;

function standingQuery(definitions: Definitions, query: Query, isField: (name: string) => boolean): Query {
  const left: Record<string, unknown> = { ...query };
  for (const name of byField) {
    const asked = Object.entries(query[name] ?? {}).filter(([field]) => isField(field));
    if (asked.length > 0) left[name] = Object.fromEntries(asked);
    else delete left[name];
  }
  const tagIds = query.tag_ids?.filter((id) => definitions.tagNames.has(id)) ?? [];
  if (tagIds.length > 0) left["tag_ids"] = tagIds;
  else delete left["tag_ids"];
  return left;
}
