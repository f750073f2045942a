import { empty, join, type Sql, sql } from "../../database/sql.ts";
import { withCustomer, withVersion } from "../version-store.ts";
import type { Condition } from "./filters.ts";
import type { PageOfList } from "./page-of-list.ts";
import { idOf, keyNames, tableOf } from "./sort.ts";
import { ownRows, tablesOf } from "./source.ts";

export type Walked = PageOfList & { enterpriseId: string; conditions: readonly Condition[] };

type Scan = {
  keys: Sql;
  /** Conditions of the index, on the columns of its table. */
  is: readonly Sql[];
  /** Conditions for the position, on the id and the keys. */
  position: readonly Sql[];
  order: Sql;
  /** Conditions without columns. */
  gate: readonly Sql[];
  page: Sql;
};

/** Ids and keys from an index that has all conditions. */
export function scan(walked: Walked, { keys, is, position, gate, page }: Omit<Scan, "order">): Sql {
  const table = tableOf(walked.sort.index);
  const { inIndex } = conditionsIn(walked);
  return sql`select id${keyNames(walked.sort)} from (
      select ${idOf(table)} as id${keys} from ${fromOf(walked)} ${where([ownOf(walked), ...is, ...inIndex])}) m
    ${where([...position, ...gate])} ${page}`;
}

/**
 * Ids and keys from an index that does not have all conditions: the scan ends after `most` customers of the index.
 * `filter` are further conditions on the columns of its table.
 */
export function boundedScan(
  walked: Walked,
  most: Sql,
  { keys, is, position, order, gate, page }: Scan,
  filter: readonly Sql[] = [],
): Sql {
  const { inIndex, others } = conditionsIn(walked);
  return checked(
    walked,
    sql`select * from (${rowsWith(walked, keys, [...is, ...inIndex])}) m
      ${where([...position, ...gate])} order by ${order} limit ${most}`,
    [...filter, ...others],
    page,
  );
}

/** Ids and keys of all customers of an index without an order, sorted. */
export function sortedScan(walked: Walked, { keys, is, position, gate, page }: Omit<Scan, "order">): Sql {
  const { inIndex, others } = conditionsIn(walked);
  // `offset 0` keeps the order out of the scan, so that no index is read for its order.
  return checked(
    walked,
    sql`select * from (${rowsWith(walked, keys, is)} offset 0) m ${where([...position, ...gate])} offset 0`,
    [...inIndex, ...others],
    page,
  );
}

const where = (all: readonly Sql[]): Sql =>
  all.length === 0 ? empty : sql`where ${join([...all], " and ")}`;

const ownOf = ({ enterpriseId, sort }: Walked): Sql => ownRows(enterpriseId, tableOf(sort.index));

const fromOf = ({ sort }: Walked): Sql =>
  tableOf(sort.index) === "customers" ? sql`customers c` : sql`customer_versions v`;

/** The conditions that the index of the order has, and the others. */
function conditionsIn({ conditions, sort }: Walked): { inIndex: readonly Sql[]; others: readonly Sql[] } {
  const isInIndex = ({ column }: Condition) => column !== undefined && column === sort.index;
  return {
    inIndex: conditions.filter(isInIndex).map(({ is }) => is),
    others: conditions.filter((condition) => !isInIndex(condition)).map(({ is }) => is),
  };
}

/** Rows of the index's table with the keys. */
function rowsWith(walked: Walked, keys: Sql, is: readonly Sql[]): Sql {
  const columns =
    tableOf(walked.sort.index) === "customers" ? sql`c.*${keys}` : sql`v.*, v.customer_id as id${keys}`;
  return sql`select ${columns} from ${fromOf(walked)} ${where([ownOf(walked), ...is])}`;
}

/** Ids and keys of the rows that meet the conditions. */
function checked(walked: Walked, rows: Sql, conditions: readonly Sql[], page: Sql): Sql {
  const { enterpriseId, sort } = walked;
  const table = tableOf(sort.index);
  const needsOther = tablesOf(walked.conditions).some((needed) => needed !== table);
  return table === "customers"
    ? sql`select c.id${keyNames(sort)} from (${rows}) c ${needsOther ? withVersion(enterpriseId) : empty}
        ${where(conditions)} ${page}`
    : sql`select v.id${keyNames(sort)} from (${rows}) v ${needsOther ? withCustomer(enterpriseId) : empty}
        ${where(conditions)} ${page}`;
}
