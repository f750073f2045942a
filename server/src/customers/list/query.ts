import {
  bookingAttributes,
  type CustomerFilters,
  customerAttributes,
  type listCustomers,
  sortNames,
} from "@clientele/contract/customers";
import type { Fault } from "@clientele/contract/errors";
import type { Static } from "@clientele/contract/formats";
import type { RequestOf } from "@clientele/contract/route";
import { type Definitions, type Field, fieldNamed } from "../../custom-fields/definitions.ts";
import { readValue } from "../../custom-fields/values/value.ts";
import { normalized } from "../../text/normalize.ts";
import { readTime } from "../../time/parse-time.ts";
import type { Values } from "../derived/derive.ts";
import { type ListedAttribute, type Projection, wholeCustomer } from "../render.ts";
import { type FieldFilter, readFieldFilters } from "./field-filters.ts";
import { type Sort, sortNamed } from "./sort.ts";

export type ListQuery = RequestOf<typeof listCustomers>["query"];
export type FilterQuery = Static<typeof CustomerFilters>;

/** Which customers are asked for. Null asks for nothing. */
export type Filters = {
  q: string | null;
  values: Values | null;
  tagIds: readonly string[] | null;
  companyIds: readonly string[] | null;
  ids: readonly string[] | null;
  externalIds: readonly string[] | null;
  bookerId: string | null;
  firstNameLetter: string | null;
  lastNameLetter: string | null;
  createdSince: Date | null;
  createdBefore: Date | null;
  updatedSince: Date | null;
  updatedBefore: Date | null;
  hasBookings: boolean | null;
  hasTags: boolean | null;
  fields: readonly FieldFilter[];
};

export type ListRequest = { filters: Filters; sort: Sort; descending: boolean; projection: Projection };

/** The query with its names found among the definitions, and all its faults. */
export function readListQuery(
  definitions: Definitions,
  query: ListQuery,
): { request: ListRequest; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const fieldNames = () => fieldNamesOf(definitions);
  const sortName = query.sort || "firstName";
  const sort = sortNamed(definitions, sortName);
  if (!sort)
    faults.push(fault("sort", "SORT_UNKNOWN", `must be one of ${list([...sortNames, ...fieldNames()])}`));
  const read = readFilters(definitions, query);
  faults.push(...read.faults);
  const projection = readProjection(definitions, query.fields, faults, fieldNames);
  return {
    request: { filters: read.filters, sort: sort!, descending: query.sort_type === "desc", projection },
    faults,
  };
}

/** Which customers a query means, and all that is wrong with that. */
export function readFilters(
  definitions: Definitions,
  query: FilterQuery,
): { filters: Filters; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const timeOf = (name: "created_since" | "created_before" | "updated_since" | "updated_before") => {
    const written = query[name];
    const time = written === undefined ? null : readTime(written);
    if (written !== undefined && time === null)
      faults.push(fault(name, "REQUEST_INVALID", "is no day or moment that there is"));
    return time;
  };
  const byFields = readFieldFilters(definitions, query);
  const filters = {
    q: query.q?.trim() || null,
    values: query.filter === undefined ? null : exactValues(definitions, query.filter, faults),
    tagIds: query.tag_ids ?? null,
    companyIds: query.company_ids ?? null,
    ids: query.ids ?? null,
    externalIds: query.external_ids?.map(normalized) ?? null,
    bookerId: normalized(query.booker_id ?? "") || null,
    firstNameLetter: normalized(query.first_name_letter ?? "") || null,
    lastNameLetter: normalized(query.last_name_letter ?? "") || null,
    createdSince: timeOf("created_since"),
    createdBefore: timeOf("created_before"),
    updatedSince: timeOf("updated_since"),
    updatedBefore: timeOf("updated_before"),
    hasBookings: query.has_bookings ?? null,
    hasTags: query.without_tags === undefined ? null : !query.without_tags,
    fields: byFields.filters,
  };
  return { filters, faults: [...faults, ...byFields.faults] };
}

function exactValues(
  definitions: Definitions,
  asked: Readonly<Record<string, string>>,
  faults: Fault[],
): Values {
  const values: Record<string, string | readonly string[]> = {};
  for (const [name, text] of Object.entries(asked)) {
    const path = `filter.${name}`;
    const field = fieldNamed(definitions, name);
    const read = field ? soughtValue(field, text) : null;
    if (!field || !read) {
      faults.push(fault(path, "FIELD_UNKNOWN", `must name one of ${list(fieldNamesOf(definitions))}`));
    } else if ("fault" in read) faults.push(fault(path, "FIELD_VALUE_INVALID", read.fault));
    else if (read.value === null) faults.push(fault(path, "FIELD_VALUE_INVALID", "must not be empty"));
    else values[field.id] = read.value;
  }
  return values;
}

const fault = (path: string, code: Fault["code"], message: string): Fault => ({
  in: "query",
  path,
  code,
  message,
});
const list = (names: readonly string[]): string => names.join(", ");
const fieldNamesOf = ({ fields }: Definitions): string[] =>
  fields.map((field) => field.defaultId || field.id);

/**
 * A value as the field stores it. What the field asks of new values is not asked here, nor whether an option is
 * still offered: some customer may have it from before.
 */
function soughtValue(field: Field, text: string) {
  const lenient = { ...field, validation: {}, pattern: null };
  if (!field.isMultiple) return readValue(lenient, { value: text }, normalized(text));
  if (normalized(text) === "") return { value: null };
  const choices = choicesIn(text);
  return readValue(lenient, { values: choices }, choices.map(normalized));
}

/** The choices that a customer must have: one, or several as a JSON array. */
function choicesIn(text: string): string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed) && parsed.every((it) => typeof it === "string")) return parsed;
  } catch {
    // Not JSON: a choice as it is.
  }
  return [text];
}

const attributeNames = Object.keys({ ...customerAttributes, ...bookingAttributes });
const isAttribute = (name: string): name is ListedAttribute => attributeNames.includes(name);

/** An attribute goes before a field of the same name; a field alone shows `fields` with it. */
function readProjection(
  definitions: Definitions,
  names: readonly string[] | undefined,
  faults: Fault[],
  fieldNames: () => string[],
): Projection {
  if (names === undefined || names.length === 0) return wholeCustomer;
  const attributes = new Set<ListedAttribute>(["id"]);
  const fieldIds = new Set<string>();
  for (const [index, name] of names.entries()) {
    const field = fieldNamed(definitions, name);
    if (isAttribute(name)) attributes.add(name);
    else if (field) fieldIds.add(field.id);
    else {
      const allowed = [...new Set([...attributeNames, ...fieldNames()])];
      faults.push(fault(`fields.${index}`, "FIELD_UNKNOWN", `must be one of ${list(allowed)}`));
    }
  }
  if (attributes.has("fields")) return { attributes, fieldIds: null };
  if (fieldIds.size > 0) attributes.add("fields");
  return { attributes, fieldIds };
}
