import type { CustomerFilters } from "../customers-search.ts";

/** One condition in the filter bar; it may combine several API filters. */
export type Condition =
  | { on: "tags"; tagIds: readonly string[] }
  | { on: "untagged"; is: boolean }
  | { on: "companies"; companyIds: readonly string[] }
  | { on: "letter"; of: "first_name_letter" | "last_name_letter"; letter: string }
  | { on: "time"; of: "created" | "updated"; since: string; before: string }
  | { on: "bookings"; has: boolean }
  | { on: "field"; fieldId: string; test: FieldTest };

export type FieldTest =
  | { is: "value" | "contains"; text: string }
  | { is: "between"; from: string; to: string }
  | { is: "set" | "unset" };

/** The conditions that these filters express, without the search. */
export function conditionsOf(filters: CustomerFilters): Condition[] {
  const conditions: Condition[] = [];
  if (filters.tag_ids) conditions.push({ on: "tags", tagIds: filters.tag_ids });
  if (filters.without_tags !== undefined) conditions.push({ on: "untagged", is: filters.without_tags });
  if (filters.company_ids) conditions.push({ on: "companies", companyIds: filters.company_ids });
  for (const of of ["first_name_letter", "last_name_letter"] as const) {
    const letter = filters[of];
    if (letter) conditions.push({ on: "letter", of, letter });
  }
  for (const of of ["created", "updated"] as const) {
    const { [`${of}_since` as const]: since = "", [`${of}_before` as const]: before = "" } = filters;
    if (since || before) conditions.push({ on: "time", of, since, before });
  }
  if (filters.has_bookings !== undefined) conditions.push({ on: "bookings", has: filters.has_bookings });
  for (const [fieldId, text] of Object.entries(filters.filter ?? {}))
    conditions.push({ on: "field", fieldId, test: { is: "value", text } });
  for (const [fieldId, text] of Object.entries(filters.filter_contains ?? {}))
    conditions.push({ on: "field", fieldId, test: { is: "contains", text } });
  const { filter_from = {}, filter_to = {} } = filters;
  for (const fieldId of new Set([...Object.keys(filter_from), ...Object.keys(filter_to)])) {
    const { [fieldId]: from = "" } = filter_from;
    const { [fieldId]: to = "" } = filter_to;
    conditions.push({ on: "field", fieldId, test: { is: "between", from, to } });
  }
  for (const [fieldId, is] of Object.entries(filters.filter_is ?? {}))
    conditions.push({ on: "field", fieldId, test: { is } });
  return conditions;
}

function filtersFor(condition: Condition): CustomerFilters {
  switch (condition.on) {
    case "tags":
      return { tag_ids: [...condition.tagIds] };
    case "untagged":
      return { without_tags: condition.is };
    case "companies":
      return { company_ids: [...condition.companyIds] };
    case "letter":
      return { [condition.of]: condition.letter };
    case "time": {
      const { of, since, before } = condition;
      return { ...(since && { [`${of}_since`]: since }), ...(before && { [`${of}_before`]: before }) };
    }
    case "bookings":
      return { has_bookings: condition.has };
    case "field":
      return fieldFiltersFor(condition.fieldId, condition.test);
  }
}

function fieldFiltersFor(fieldId: string, test: FieldTest): CustomerFilters {
  switch (test.is) {
    case "value":
      return { filter: { [fieldId]: test.text } };
    case "contains":
      return { filter_contains: { [fieldId]: test.text } };
    case "between":
      return {
        ...(test.from && { filter_from: { [fieldId]: test.from } }),
        ...(test.to && { filter_to: { [fieldId]: test.to } }),
      };
    default:
      return { filter_is: { [fieldId]: test.is } };
  }
}

/** Combines conditions into filters; of two conditions on the same field, the last one wins. */
export function filtersFrom(q: string | undefined, conditions: readonly Condition[]): CustomerFilters {
  const filters: Record<string, unknown> = q ? { q } : {};
  for (const condition of conditions)
    for (const [name, value] of Object.entries(filtersFor(condition))) {
      const isByField = typeof value === "object" && !Array.isArray(value);
      filters[name] = isByField ? { ...(filters[name] as object | undefined), ...value } : value;
    }
  return filters;
}

/** Identifies a condition among others. */
export const keyOf = (condition: Condition): string => JSON.stringify(filtersFor(condition));
