import { empty, type Sql, sql } from "../../database/sql.ts";
import { boundedScan, scan, type Walked } from "./scan.ts";
import { behind, keyColumns, orderBy } from "./sort.ts";
import { literal } from "./source.ts";
import { walkEmptyFirst } from "./walk-empty-first.ts";

/**
 * Ids and keys of the page from a scan of the index that has the order. The scan skips customers that do not meet the
 * conditions, and ends after `most` customers; without `most`, the index must have all conditions. `gate` is a condition
 * without columns.
 */
export function walk(page: Walked, most: Sql | null, gate: readonly Sql[] = []): Sql {
  if (page.sort.emptyFirst) return walkEmptyFirst(page, page.sort.emptyFirst, most, gate);
  const { sort, descending, after, offset, rowsMax } = page;
  const order = orderBy(sort, descending);
  const ordered = {
    keys: keyColumns(sort),
    is: [],
    position: after === null ? [] : [behind(sort, descending, after)],
    order,
    gate,
    page: sql`order by ${order} limit ${literal(rowsMax)} ${offset === 0 ? empty : sql`offset ${offset}`}`,
  };
  return most === null ? scan(page, ordered) : boundedScan(page, most, ordered);
}
