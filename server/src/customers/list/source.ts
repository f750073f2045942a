import { empty, join, raw, type Sql, sql } from "../../database/sql.ts";
import { withCustomer, withVersion } from "../version-store.ts";
import type { Condition } from "./filters.ts";
import { idOf, type ListedTable, tableOf } from "./sort.ts";

/** The `from` list: scans `first`, and looks up the rows of another needed table by primary key. */
export function sourceOf(enterpriseId: string, first: ListedTable, needed: readonly ListedTable[]): Sql {
  const joinsOther = needed.some((table) => table !== first);
  return first === "customers"
    ? sql`customers c ${joinsOther ? withVersion(enterpriseId) : empty}`
    : sql`customer_versions v ${joinsOther ? withCustomer(enterpriseId) : empty}`;
}

/** The condition for rows of the enterprise. */
export const ownRows = (enterpriseId: string, table: ListedTable): Sql =>
  table === "customers" ? sql`c.enterprise_id = ${enterpriseId}` : sql`v.enterprise_id = ${enterpriseId}`;

/** The tables of the conditions. */
export const tablesOf = (conditions: readonly Condition[]): ListedTable[] =>
  conditions.map(({ column }) => tableOf(column ?? null));

/** Matches that are sorted without asking for a cheaper way. */
export const fewMax = 1_000;

export const literal = (number: number): Sql => raw(String(number));

/** How matches are found without a scan in sort order. */
export type MatchSource = {
  /** Selects from the matches, as `customers c` and `customer_versions v` where needed. */
  select(columns: (id: Sql) => Sql, needed: readonly ListedTable[], most?: Sql): Sql;
  /** Reads matches and nothing else, so reading a few of them twice is cheap. */
  isExact: boolean;
};

/**
 * The cheapest source, without estimates: customers listed by the request; those that the search index has; those in the
 * index of another condition; or all customers of the enterprise.
 */
export function matchSource(enterpriseId: string, conditions: readonly Condition[]): MatchSource {
  const listed = conditions.find(({ ids }) => ids?.areListed);
  const searched = conditions.filter(({ inSearch }) => inSearch !== undefined);
  const withIds = listed ?? conditions.find(({ ids }) => ids !== undefined);
  if (listed === undefined && searched.length > 0) {
    const bySearch = fromSearch(enterpriseId, conditions, searched);
    return withIds?.ids
      ? fromFew(
          withIds.ids.select,
          fromIds(enterpriseId, withIds.ids, without(conditions, [withIds])),
          bySearch,
        )
      : bySearch;
  }
  if (withIds?.ids) return fromIds(enterpriseId, withIds.ids, without(conditions, [withIds]));
  return fromTable(enterpriseId, conditions);
}

const without = (conditions: readonly Condition[], some: readonly Condition[]) =>
  conditions.filter((condition) => !some.includes(condition));

const where = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? empty : sql`where ${join([...conditions], " and ")}`;

const are = (conditions: readonly Condition[]): Sql[] => conditions.map(({ is }) => is);

const limited = (most: Sql | undefined): Sql => (most === undefined ? empty : sql`limit ${most}`);

/**
 * `offset 0` keeps all other conditions out of the view's scan: the search index is its only way to the rows, whatever
 * the estimates.
 */
function fromSearch(
  enterpriseId: string,
  conditions: readonly Condition[],
  searched: readonly Condition[],
): MatchSource {
  const others = without(conditions, searched);
  const inSearch = searched.flatMap(({ inSearch }) => inSearch ?? []);
  return {
    isExact: others.length === 0,
    select: (columns, needed, most) =>
      sql`select ${columns(sql`c.id`)} from (
          select * from customer_search c
          where ${join([sql`c.enterprise_id = ${enterpriseId}`, ...inSearch], " and ")} offset 0) c
        ${[...needed, ...tablesOf(others)].includes("customer_versions") ? withVersion(enterpriseId) : empty}
        ${where(are(others))} ${limited(most)}`,
  };
}

/** Reads the ids when they are few; otherwise searches, and checks each match. */
function fromFew(ids: (most?: Sql) => Sql, few: MatchSource, many: MatchSource): MatchSource {
  const areFew = sql`(select count(*) <= ${fewMax} from (
      select from (${ids(literal(fewMax + 1))}) m limit ${literal(fewMax + 1)}) m)`;
  return {
    isExact: false,
    select: (columns, needed, most) =>
      sql`select * from (
          select * from (${few.select(columns, needed)}) m where ${areFew}
          union all select * from (${many.select(columns, needed)}) m where not ${areFew}
        ) m ${limited(most)}`,
  };
}

function fromIds(
  enterpriseId: string,
  { select, areListed }: NonNullable<Condition["ids"]>,
  others: readonly Condition[],
): MatchSource {
  return {
    isExact: others.length === 0,
    select(columns, needed, most) {
      const tables = [...needed, ...tablesOf(others)];
      // Events are those of existing customers; a request may list others.
      if (tables.length === 0 && !areListed)
        return sql`select ${columns(sql`m.id`)} from (${select(most)}) m ${limited(most)}`;
      if (!areListed && !tables.includes("customers")) {
        return sql`select ${columns(sql`m.id`)} from (${select()} offset 0) m
          cross join lateral (
            select * from customer_versions v
            where v.enterprise_id = ${enterpriseId} and v.customer_id = m.id limit 1) v
          ${where(are(others))} ${limited(most)}`;
      }
      return sql`select ${columns(sql`c.id`)} from (${select()} offset 0) m
        cross join lateral (select * from customers c where c.enterprise_id = ${enterpriseId} and c.id = m.id limit 1) c
        ${tables.includes("customer_versions") ? withVersion(enterpriseId) : empty}
        ${where(are(others))} ${limited(most)}`;
    },
  };
}

/** The columns of one index have all conditions, so a scan of that index reads matches and nothing else. */
const areInOneIndex = (conditions: readonly Condition[]): boolean => {
  const [column, ...others] = new Set(conditions.map(({ column }) => column));
  return column !== undefined && others.length === 0;
};

/**
 * Conditions of one index give the ids; other columns are looked up. In one scan, estimates might choose an index that
 * has the other columns.
 */
function fromTable(enterpriseId: string, conditions: readonly Condition[]): MatchSource {
  const isIndexed = conditions.some(({ isIndexed }) => isIndexed);
  const table =
    !isIndexed && tablesOf(conditions).includes("customer_versions") ? "customer_versions" : "customers";
  const select = scanOf(enterpriseId, conditions, table);
  if (areInOneIndex(conditions))
    return fromIds(enterpriseId, { select: (most) => select((id) => sql`${id} as id`, [], most) }, []);
  return { isExact: isIndexed && conditions.length === 1, select };
}

/** Scans the table. */
export const scanOf =
  (enterpriseId: string, conditions: readonly Condition[], table: ListedTable): MatchSource["select"] =>
  (columns, needed, most) =>
    sql`select ${columns(idOf(table))} from ${sourceOf(enterpriseId, table, [...needed, ...tablesOf(conditions)])}
        ${where([ownRows(enterpriseId, table), ...are(conditions)])} ${limited(most)}`;

/** Whether matches are found without a scan of all customers. */
export const areLookedUp = (conditions: readonly Condition[]): boolean =>
  conditions.some(({ ids, inSearch, isIndexed }) => ids !== undefined || inSearch !== undefined || isIndexed);
