import type { CustomerFilters } from "@clientele/contract/customers";
import type { FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { Static } from "@clientele/contract/formats";
import { permittedCompanies } from "../../companies/permitted-companies.ts";
import { type Definitions, type Field, findField } from "../../custom-fields/definitions.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { firstIdAt } from "../../ids/new-id.ts";
import { mayHaveBeenInvisible } from "../../journal/settled-position.ts";
import { keysStartingWith } from "../../text/fold.ts";
import { normalized } from "../../text/normalize.ts";
import { parseTime } from "../../time/parse-time.ts";
import { customerIdsAt, hasEventsAt } from "../bookings/customers-at-branch.ts";
import { searchTermPrefix } from "../derived/derive.ts";
import { queryTerms } from "../derived/search-terms.ts";
import { tsqueryOf } from "../derived/tsquery.ts";
import {
  boundedBy,
  byField,
  conditionsByField,
  contains,
  type FieldEntry,
  type FilterReading,
  type Invalid,
  readBound,
  readExactValue,
  readPart,
} from "./field-filters.ts";
import type { IndexedColumn } from "./sort.ts";

export type FilterQuery = Static<typeof CustomerFilters>;
export type FilterName = keyof FilterQuery;

/** A condition, and where its matches are found. Without any of the options, each customer is checked. */
export type Condition = {
  /** On `customers c`, or on `customer_versions v` when the column is one of that table. */
  is: Sql;
  /** The column whose index has both the condition and an order. */
  column?: IndexedColumn;
  /** An index that gives no sort order has the condition. */
  isIndexed?: true;
  /** The condition on `customer_search c`, whose index has it. Row-level security hides that index from `customers`. */
  inSearch?: Sql;
  /** Of the index of `column`: only customers without the key, or only those with one. */
  within?: "empty" | "set";
  /** So many customers match that a scan in sort order soon fills a page. */
  isCommon?: boolean;
  /** Selects the distinct ids that meet the condition, with an optional limit. */
  ids?: {
    select: (most?: Sql) => Sql;
    /** The request lists the customers, so they are few. */
    areListed?: true;
  };
};

type Filter<Written, Value> = {
  /** The value that `where` takes and that a cursor is bound to. Null filters nothing. */
  read(written: Written, reading: FilterReading): Value | null;
  where(value: Value, database: EnterpriseDatabase): readonly Condition[];
  /** The condition depends on the caller, who must be loaded first. */
  dependsOnCaller?: true;
  /** The filter of a stored query without deleted fields and tags. Null when nothing is left. */
  withoutDeleted?(written: Written, definitions: Definitions): Written | null;
};
type Declared<Name extends FilterName> = Filter<NonNullable<FilterQuery[Name]>, unknown> &
  // A filter by field names fields, which may be deleted while a view stores the filter.
  (NonNullable<FilterQuery[Name]> extends Readonly<Record<string, unknown>>
    ? { withoutDeleted: unknown }
    : unknown);

const filter = <Written, Value>(definition: Filter<Written, Value>): Filter<Written, Value> => definition;

const text = (where: (text: string, database: EnterpriseDatabase) => readonly Condition[]) =>
  filter<string, string>({ read: (written) => normalized(written) || null, where });

const flag = (is: (on: boolean) => Sql, column?: IndexedColumn) =>
  filter<boolean, boolean>({
    read: (on) => on,
    where: (on) => [{ is: is(on), ...(column === undefined ? {} : { column }) }],
  });

const time = (column: IndexedColumn, is: (time: Date, database: EnterpriseDatabase) => Sql) =>
  filter<string, Date>({
    read(written, { report }) {
      const read = parseTime(written);
      if (read === null) report("REQUEST_INVALID", reason("DATE_OR_TIME_UNKNOWN"));
      return read;
    },
    where: (value, database) => [{ column, is: is(value, database) }],
  });

/**
 * The time from which a reader that has read everything visible at `since` has to read: `since`, or the last time before
 * it if those changes may have been invisible then.
 */
const firstUnseen = ({ enterpriseId }: EnterpriseDatabase, since: Date): Sql =>
  sql`coalesce((
    select last.updated_at from (
      select u.updated_at from customer_versions u
      where u.enterprise_id = ${enterpriseId} and u.updated_at <= ${since} order by u.updated_at desc limit 1) last
    where ${mayHaveBeenInvisible(enterpriseId, sql`last.updated_at`, since)}), ${since})`;

const startingWith = (column: "first_name_key" | "last_name_key", key: Sql) =>
  text((letter) => {
    const { from, to } = keysStartingWith(letter);
    return [{ column, is: sql`${key} >= ${from} and ${key} < ${to}` }];
  });

const searched = (is: Sql) => ({ is, inSearch: is });

const ofFields = <Written, Value>(
  readEntry: (field: Field, written: Written) => { value: Value } | Invalid,
  where: (entries: readonly FieldEntry<Value>[], database: EnterpriseDatabase) => readonly Condition[],
) => ({
  read: byField(readEntry),
  where,
  withoutDeleted(written: Readonly<Record<string, Written>>, definitions: Definitions) {
    const kept = Object.entries(written).filter(([name]) => findField(definitions, name));
    return kept.length === 0 ? null : Object.fromEntries(kept);
  },
});

/** Every filter of the contract, with its parser and its conditions. */
const filters = {
  ids: filter({
    read: (ids: string[]) => ids,
    where: (ids) => [
      {
        is: sql`c.id = any(${ids}::uuid[])`,
        ids: { select: () => sql`select distinct unnest(${ids}::uuid[]) as id`, areListed: true },
      },
    ],
  }),
  external_ids: filter({
    read: (ids: string[]) => ids.map(normalized),
    where: (ids, { enterpriseId }) => [
      {
        is: sql`c.external_id = any(${ids}::text[])`,
        ids: { select: () => customersWithExternalIds(enterpriseId, ids), areListed: true },
      },
    ],
  }),
  booker_id: text((id) => [{ is: sql`c.booker_id = ${id}`, isIndexed: true }]),
  // Ids begin with the second of their creation.
  created_since: time("id", (since) => sql`c.id >= ${firstIdAt(since)}`),
  created_before: time("id", (before) => sql`c.id < ${firstIdAt(before)}`),
  updated_since: time(
    "updated_at",
    (since, database) => sql`v.updated_at >= ${firstUnseen(database, since)}`,
  ),
  updated_before: time("updated_at", (before) => sql`v.updated_at < ${before}`),
  has_bookings: filter({
    read: (has: boolean) => has,
    where: (has) => [
      has
        ? { column: "total_bookings", within: "set", is: sql`v.total_bookings > 0` }
        : { column: "total_bookings", within: "empty", is: sql`v.total_bookings = 0` },
    ],
  }),
  without_tags: flag((without) => (without ? sql`c.tag_ids = '{}'` : sql`c.tag_ids <> '{}'`)),
  company_ids: filter({
    dependsOnCaller: true,
    read: (ids: string[]) => ids,
    where(ids, database) {
      const own = permittedCompanies(database, ids);
      const { enterpriseId } = database;
      const is = hasEventsAt(enterpriseId, own);
      return [{ is, ids: { select: (most) => customerIdsAt(enterpriseId, own, most) } }];
    },
  }),
  filter_is: ofFields(
    (_, is: "set" | "unset") => ({ value: is }),
    (entries) =>
      entries.map(({ field, value }) => ({
        is: value === "set" ? sql`c.values ? ${field.key}` : sql`not c.values ? ${field.key}`,
      })),
  ),
  filter_from: ofFields(readBound, conditionsByField(boundedBy(sql`>=`))),
  filter_to: ofFields(readBound, conditionsByField(boundedBy(sql`<=`))),
  filter_contains: ofFields(readPart, conditionsByField(contains)),
  first_name_letter: startingWith("first_name_key", sql`c.first_name_key`),
  last_name_letter: startingWith("last_name_key", sql`c.last_name_key`),
  q: filter({
    read: (q: string) => q.trim() || null,
    where(q, { enterpriseId }) {
      const words = queryTerms(q);
      const value = tsqueryOf(searchTermPrefix(enterpriseId), words);
      const isCommon = words.flat(3).every((word) => commonWord.test(word));
      return [{ ...searched(sql`c.search @@ ${value}::tsquery`), isCommon }];
    },
  }),
  filter: ofFields(readExactValue, (entries, { enterpriseId }) => {
    const value = JSON.stringify(Object.fromEntries(entries.map((entry) => [entry.field.key, entry.value])));
    return [
      {
        is: sql`c.values @> ${value}::jsonb`,
        inSearch: sql`c.enterprise_values @> jsonb_set('{}', array[(${enterpriseId}::bigint)::text], ${value}::jsonb)`,
      },
    ];
  }),
  tag_ids: filter({
    read: (ids: string[]) => ids,
    where: (ids) => [searched(sql`c.tag_ids && ${ids}::uuid[]`)],
    withoutDeleted(ids, { tagNames }) {
      const kept = ids.filter((id) => tagNames.has(id));
      return kept.length === 0 ? null : kept;
    },
  }),
} satisfies { [Name in FilterName]-?: Declared<Name> };

/** Looks up each id separately: for a condition on a list of ids, the planner chooses the index by its estimates. */
const customersWithExternalIds = (enterpriseId: string, externalIds: readonly string[]): Sql =>
  sql`select found.id from (select distinct unnest(${externalIds}::text[]) as external_id) listed
      cross join lateral (
        select c.id from customers c
        where c.enterprise_id = ${enterpriseId} and c.external_id = listed.external_id limit 1) found`;

/** One or two letters, or up to five digits: as many as the numbers of one network or town share. */
const commonWord = /^(..?|[+<>]?\d{1,5})$/u;

type Values = { [Name in FilterName]: Parameters<(typeof filters)[Name]["where"]>[0] };
/** The filters that a query sets, in the order of the table: their JSON identifies the list of a cursor. */
export type Filters = { readonly [Name in FilterName]?: Values[Name] };

const table: { readonly [Name in FilterName]: Filter<NonNullable<FilterQuery[Name]>, Values[Name]> } =
  filters;
const isFilter = (name: string): name is FilterName => Object.hasOwn(table, name);
const filterNames = Object.keys(table).filter(isFilter);

/** The filters that a query sets, and every error. `query` has filters only: any other key does not compile. */
export function readFilters<Query extends FilterQuery>(
  definitions: Definitions,
  query: Query & Readonly<Record<Exclude<keyof Query, FilterName>, never>>,
): { filters: Filters; fieldErrors: readonly FieldError[] } {
  const fieldErrors: FieldError[] = unknownFilters(query).map((path) => ({
    in: "query",
    path,
    ...notAFilter,
  }));
  const read = <Name extends FilterName>(name: Name, values: Partial<Values>) => {
    const written = query[name];
    if (written === undefined) return;
    const value = table[name].read(written, {
      definitions,
      report: (code, why, fieldName) =>
        fieldErrors.push({
          in: "query",
          path: fieldName === undefined ? name : `${name}.${fieldName}`,
          code,
          ...why,
        }),
    });
    if (value !== null) values[name] = value;
  };
  const values: Partial<Values> = {};
  for (const name of filterNames) read(name, values);
  return { filters: values, fieldErrors };
}

/** Keys without a filter. To ignore one would select more customers than the caller means. */
export const unknownFilters = (query: FilterQuery): string[] =>
  Object.keys(query).filter((name) => !isFilter(name));
export const notAFilter = { code: "REQUEST_INVALID", ...reason("FILTER_UNKNOWN") } as const;

/** A stored query without deleted fields and tags. */
export function withoutDeleted(definitions: Definitions, query: FilterQuery): FilterQuery {
  const kept: FilterQuery = {};
  const keep = <Name extends FilterName>(name: Name) => {
    const written = query[name];
    if (written === undefined) return;
    const filter = table[name];
    const current = filter.withoutDeleted ? filter.withoutDeleted(written, definitions) : written;
    if (current !== null) kept[name] = current;
  };
  for (const name of filterNames) keep(name);
  return kept;
}

/** Whether a condition depends on the caller, who must then be loaded first. */
export const dependOnCaller = (filters: Filters): boolean =>
  filterNames.some((name) => table[name].dependsOnCaller && filters[name] !== undefined);

/** All conditions that the filters set. */
export function conditionsOf(database: EnterpriseDatabase, filters: Filters): readonly Condition[] {
  const of = <Name extends FilterName>(name: Name) => {
    const value = filters[name];
    return value === undefined ? [] : table[name].where(value, database);
  };
  return filterNames.flatMap((name) => of(name));
}
