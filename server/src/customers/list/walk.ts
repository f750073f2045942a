import { empty, join, type Sql, sql } from "../../database/sql.ts";
import { withCustomer, withVersion } from "../version-store.ts";
import type { Condition } from "./filters.ts";
import type { PageOfList } from "./page-of-list.ts";
import { behind, idOf, keyColumns, keyNames, orderBy, tableOf } from "./sort.ts";
import { literal, ownRows, tablesOf } from "./source.ts";

type Walked = PageOfList & { enterpriseId: string; conditions: readonly Condition[] };

/**
 * Ids and keys of the page from a scan of the index that has the order. The scan skips customers that do not meet the
 * conditions, and ends after `most` customers; without `most`, the index must have all conditions. `gate` is a condition
 * without columns.
 */
export function walk(page: Walked, most: Sql | null, gate: readonly Sql[] = []): Sql {
  if (page.sort.index === "external_id") return walkByExternalId(page, most, gate);
  const { sort, descending, after, offset, rowsMax } = page;
  const order = orderBy(sort, descending);
  return scan(page, most, {
    keys: keyColumns(sort),
    is: [],
    position: after === null ? [] : [behind(sort, descending, after)],
    order,
    gate,
    page: sql`order by ${order} limit ${literal(rowsMax)} ${offset === 0 ? empty : sql`offset ${offset}`}`,
  });
}

type Scan = {
  keys: Sql;
  /** Conditions of the index, on the columns of its table. */
  is: readonly Sql[];
  /** Conditions for the position, on the id and the keys. */
  position: readonly Sql[];
  order: Sql;
  gate: readonly Sql[];
  page: Sql;
};

function scan(
  { enterpriseId, sort, conditions }: Walked,
  most: Sql | null,
  { keys, is, position, order, gate, page }: Scan,
): Sql {
  const table = tableOf(sort.index);
  const inIndex = conditions.filter(({ column }) => column !== undefined && column === sort.index);
  const others = conditions.filter((condition) => !inIndex.includes(condition));
  const own = [ownRows(enterpriseId, table), ...is, ...inIndex.map((condition) => condition.is)];
  const from = table === "customers" ? sql`customers c` : sql`customer_versions v`;
  const where = (all: readonly Sql[]) => (all.length === 0 ? empty : sql`where ${join([...all], " and ")}`);
  if (most === null) {
    return sql`select id${keyNames(sort)} from (
        select ${idOf(table)} as id${keys} from ${from} ${where(own)}) m
      ${where([...position, ...gate])} ${page}`;
  }
  const alias = table === "customers" ? sql`c` : sql`v`;
  const needed = tablesOf(others).filter((other) => other !== table);
  const other =
    needed.length === 0
      ? empty
      : table === "customers"
        ? withVersion(enterpriseId)
        : withCustomer(enterpriseId);
  const id = table === "customers" ? empty : sql`, v.customer_id as id`;
  return sql`select ${alias}.id${keyNames(sort)} from (
      select * from (select ${alias}.*${id}${keys} from ${from} ${where(own)}) m
      ${where([...position, ...gate])} order by ${order} limit ${most}) ${alias} ${other}
    ${where(others.map((condition) => condition.is))} ${page}`;
}

/** Customers without an external id have their own index and come first. The second index is read where the first one ends. */
function walkByExternalId(page: Walked, most: Sql | null, gate: readonly Sql[]): Sql {
  const { sort, descending, after, offset, rowsMax } = page;
  const [wasSet, externalId, id] = after ?? [];
  const firstIsSet = descending;
  const direction = descending ? sql`desc` : empty;
  const beyond = descending ? sql`<` : sql`>`;
  const arm = (isSet: boolean, isBehind: boolean, limit: Sql) => {
    const order = isSet ? sql`key_1 ${direction}` : sql`id ${direction}`;
    return scan(page, most, {
      keys: isSet
        ? sql`, true as key_0, c.external_id as key_1`
        : sql`, false as key_0, '' collate "C" as key_1`,
      is: [isSet ? sql`c.external_id is not null` : sql`c.external_id is null`],
      position: isBehind ? [isSet ? sql`key_1 ${beyond} ${externalId}` : sql`id ${beyond} ${id}`] : [],
      order,
      gate,
      page: sql`order by ${order} limit ${limit}`,
    });
  };
  const isInSecond = after !== null && (wasSet === "t") !== firstIsSet;
  // A limit in the text would make a new statement for each offset.
  const rows = offset === 0 ? literal(rowsMax) : sql`${offset + rowsMax}::integer`;
  const last = sql`order by ${orderBy(sort, descending)} limit ${literal(rowsMax)} offset ${offset}`;
  if (isInSecond) return sql`select * from (${arm(!firstIsSet, true, rows)}) second_arm ${last}`;
  return sql`with first_arm as materialized (${arm(firstIsSet, after !== null, rows)})
    select * from (
      select * from first_arm
      union all (${arm(!firstIsSet, false, sql`${rows} - (select count(*) from first_arm)`)})
    ) both_arms ${last}`;
}
