import type { Input } from "@clientele/sdk";

type ListInput = Input<"listCustomers">;

/** Customer filters, named as in the API. */
export type CustomerFilters = Pick<
  ListInput,
  | "q"
  | "tag_ids"
  | "without_tags"
  | "company_ids"
  | "first_name_letter"
  | "last_name_letter"
  | "created_since"
  | "created_before"
  | "updated_since"
  | "updated_before"
  | "has_bookings"
  | "filter"
  | "filter_is"
  | "filter_from"
  | "filter_to"
  | "filter_contains"
>;

/** Search params of the customer table: filters, sort order and saved view. */
export type CustomersSearch = CustomerFilters & Pick<ListInput, "sort" | "sort_type"> & { view?: string };

// The router parses digits in a hand-typed address as numbers.
const text = (value: unknown) =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
const flag = (value: unknown) => (typeof value === "boolean" ? value : undefined);
const texts = (value: unknown) =>
  Array.isArray(value) ? value.flatMap((one) => text(one) ?? []) : undefined;
const byField = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).flatMap(([id, value]) => [[id, text(value)]].filter(hasValue)))
    : undefined;
const hasValue = (entry: unknown[]): boolean => entry[1] !== undefined;
const oneOf =
  (...names: string[]) =>
  (value: unknown) =>
    names.includes(value as string) ? value : undefined;

const readers: Record<keyof CustomersSearch, (value: unknown) => unknown> = {
  q: text,
  tag_ids: texts,
  without_tags: flag,
  company_ids: texts,
  first_name_letter: text,
  last_name_letter: text,
  created_since: text,
  created_before: text,
  updated_since: text,
  updated_before: text,
  has_bookings: flag,
  filter: byField,
  filter_is: byField,
  filter_from: byField,
  filter_to: byField,
  filter_contains: byField,
  sort: text,
  sort_type: oneOf("asc", "desc"),
  view: text,
};

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || (typeof value === "object" && Object.keys(value!).length === 0);

/** Parses search params and drops invalid ones. */
export const readCustomersSearch = (search: Record<string, unknown>): CustomersSearch =>
  Object.fromEntries(
    Object.entries(readers)
      .map(([name, read]) => [name, read(search[name])] as const)
      .filter(([, value]) => !isEmpty(value)),
  );

export function filtersOf({ sort, sort_type, view, ...filters }: CustomersSearch): CustomerFilters {
  return filters;
}
