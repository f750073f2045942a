import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import {
  empty,
  join,
  type Query,
  type Sql,
  sql,
  type TextRow,
  textRows,
  unnamed,
} from "../../database/sql.ts";
import { bookingTimes } from "../bookings/booking-times.ts";
import { showsBookings } from "../customer-json.ts";
import { customerRowColumns, customerRowWidth } from "../store.ts";
import { withVersion } from "../version-store.ts";
import { type Condition, conditionsOf } from "./filters.ts";
import type { PageOfList } from "./page-of-list.ts";
import type { ListRequest } from "./query.ts";
import { behind, columns, keyColumns, keyName, keyNames, orderBy, tableOf } from "./sort.ts";
import { fewMax, literal, type MatchSource, matchSource, ownRows, sourceOf } from "./source.ts";
import { walk } from "./walk.ts";

type Listing = PageOfList & { enterpriseId: string; conditions: readonly Condition[] };

/**
 * Sent before a list's statements: no sort where an index has the order. By wrong estimates, sorting all customers of the
 * enterprise is cheaper than reading the first of the index.
 */
export const preferIndexOrder: Sql = sql`select set_config('enable_sort', 'off', true)`;

/**
 * The page and the number of matches. A row has the columns to render, the sort keys, and null. With a count, one more
 * row has null as its first and the total as its last column.
 *
 * No plan depends on estimates. When one index has both the matches and the order, the statement scans that index.
 * Otherwise it sorts up to `fewMax` matches. More are dense enough for a scan in sort order, which ends after as many
 * customers as there are matches; then all matches are sorted.
 */
export function listStatements(database: EnterpriseDatabase, page: PageOfList): Query<TextRow>[] {
  const { enterpriseId } = database;
  const listing: Listing = { enterpriseId, ...page, conditions: conditionsOf(database, page.filters) };
  const { sort, offset, rowsMax, conditions, counted, streamed } = listing;
  const prepared = (statement: Sql) =>
    textRows(usualRows.has(rowsMax) && !streamed ? statement : unnamed(statement));
  const alongIndex = conditions.every(({ column }) => column !== undefined && column === sort.index);
  if (!alongIndex) return [prepared(matchesFirst(listing))];

  const table = tableOf(sort.index);
  const inOneRead =
    offset === 0 && table === "customers" && sort.index !== null && sort.emptyFirst === undefined;
  const rows = inOneRead ? renderedAlongIndex(listing) : rendered(listing, walk(listing, null));
  const total =
    conditions.length === 0
      ? sql`select coalesce(sum(customers), 0) from customer_counts where enterprise_id = ${enterpriseId}`
      : sql`select count(*) from ${sourceOf(enterpriseId, table, [])}
          where ${join([ownRows(enterpriseId, table), ...conditions.map(({ is }) => is)], " and ")}`;
  // A stream reads one statement; in a batch, two statements are faster.
  if (streamed) return [prepared(withTotal(listing, rows, total))];
  return counted ? [prepared(rows), textRows(sql`select null, (${total})`)] : [prepared(rows)];
}

/** For common words, this many customers are scanned in sort order first: looking up one letter takes 0.1 s. */
const walkedFirst = 2_000;
/** The least number of customers that a scan in sort order may read when the number of matches is unknown. */
const walkedMin = 20_000;
const walkedPerRow = 10;
// The limit is part of the statement's text because the plan depends on it, so only usual limits get a named statement.
const usualRows = new Set([10, 20, 25, 30, 50, 100, 200, 250, 500].map((limit) => limit + 1));

/** The columns to render, with booking times where requested. */
const columnsOfRow = ({ enterpriseId, projection }: Listing): Sql =>
  showsBookings(projection) ? sql`${customerRowColumns}, ${bookingTimes(enterpriseId)}` : customerRowColumns;

export const widthOfRow = ({ projection }: Pick<ListRequest, "projection">): number =>
  customerRowWidth + (showsBookings(projection) ? 2 : 0);

function renderedAlongIndex(listing: Listing): Sql {
  const { enterpriseId, sort, descending, after, rowsMax, conditions } = listing;
  const own = [ownRows(enterpriseId, "customers"), ...conditions.map(({ is }) => is)];
  const position = after === null ? empty : sql`where ${behind(sort, descending, after)}`;
  const order = orderBy(sort, descending);
  return sql`select ${columnsOfRow(listing)}${keyNames(sort)}, null::bigint
    from (
      select * from (select c.*${keyColumns(sort)} from customers c where ${join(own, " and ")}) m
      ${position} order by ${order} limit ${literal(rowsMax)}
    ) c ${withVersion(enterpriseId)}
    order by ${orderBy(sort, descending, "c.")}`;
}

function matchesFirst(listing: Listing): Sql {
  const source = matchSource(listing.enterpriseId, listing.conditions);
  const { common, page, number } = listing.counted
    ? source.isExact && listing.sort.index !== null
      ? countedTwice(listing, source)
      : countedOnce(listing, source)
    : uncounted(listing, source);
  return sql`with ${join(common)} ${withTotal(listing, rendered(listing, page), number)}`;
}

type Matches = {
  /** Common table expressions. */
  common: readonly Sql[];
  /** Ids and keys of the page. */
  page: Sql;
  /** The number of matches. */
  number: Sql;
};

const number = sql`(select number from matches)`;

/** Counts all matches, then reads few of them again with their keys. */
function countedTwice(listing: Listing, source: MatchSource): Matches {
  const isFull = sql`(select count(*) = ${listing.rowsMax} from walked)`;
  return {
    common: [
      sql`matches as materialized (select count(*) as number from (${source.select((id) => id, [])}) m)`,
      sql`walked as materialized (${walk(listing, number, [sql`${number} > ${fewMax}`])})`,
    ],
    page: sql`select * from walked where ${isFull}
      union all (${sorted(listing, withKeys(listing, source), [sql`not ${isFull}`])})`,
    number,
  };
}

/** Reads every match once and keeps its id and keys. */
const countedOnce = (listing: Listing, source: MatchSource): Matches => ({
  common: [
    sql`found as materialized (${withKeys(listing, source)})`,
    sql`matches as materialized (select count(*) as number from found)`,
  ],
  page: sorted(listing, sql`select * from found`, []),
  number,
});

function uncounted(listing: Listing, source: MatchSource): Matches {
  const { conditions, offset, rowsMax, sort } = listing;
  if (sort.index === null)
    return {
      common: [sql`matches as (select null::bigint as number)`],
      page: sorted(listing, withKeys(listing, source), []),
      number,
    };
  const rows = offset + rowsMax;
  const walksFirst = rows < walkedFirst / 2 && conditions.some(({ isCommon }) => isCommon);
  const isFull = (name: Sql) => sql`(select count(*) = ${rowsMax} from ${name})`;
  const first = walksFirst ? [sql`not ${isFull(sql`walked_first`)}`] : [];
  const most = walksFirst
    ? sql`case when ${isFull(sql`walked_first`)} then 0 else ${fewMax + 1}::integer end`
    : literal(fewMax + 1);
  const areFew = sql`${number} <= ${fewMax}`;
  const walkMost = sql`${walkedMin + walkedPerRow * rows}::integer`;
  return {
    common: [
      ...(walksFirst ? [sql`walked_first as materialized (${walk(listing, literal(walkedFirst))})`] : []),
      sql`found as materialized (${withKeys(listing, source, most)})`,
      sql`matches as materialized (select count(*) as number from found)`,
      sql`walked as materialized (${walk(listing, walkMost, [sql`not ${areFew}`])})`,
    ],
    page: join(
      [
        ...(walksFirst ? [sql`select * from walked_first where ${isFull(sql`walked_first`)}`] : []),
        sql`(${sorted(listing, sql`select * from found`, [...first, areFew])})`,
        sql`select * from walked where ${isFull(sql`walked`)}`,
        sql`(${sorted(listing, withKeys(listing, source), [...first, sql`not ${areFew}`, sql`not ${isFull(sql`walked`)}`])})`,
      ],
      " union all ",
    ),
    number,
  };
}

/** Ids and keys of matches, with an optional limit. */
const withKeys = ({ sort }: Listing, source: MatchSource, most?: Sql): Sql =>
  source.select(
    (id) => sql`${id} as id${keyColumns(sort)}`,
    sort.keys.length === 0 ? [] : [tableOf(sort.index)],
    most,
  );

/**
 * The page of ids and keys. `gate` is a condition without columns. `offset 0` keeps the order out of the source, which
 * would otherwise scan an index that has the order.
 */
function sorted(
  { sort, descending, after, rowsMax, offset }: Listing,
  matches: Sql,
  gate: readonly Sql[],
): Sql {
  const are = [...gate, ...(after === null ? [] : [behind(sort, descending, after)])];
  return sql`select id${keyNames(sort)} from (select * from (${matches}) m offset 0) m
    ${are.length === 0 ? empty : sql`where ${join(are, " and ")}`}
    order by ${orderBy(sort, descending)} limit ${literal(rowsMax)} offset ${offset}`;
}

/** The customers of a page of ids and keys. Skipped rows are not read in full. */
function rendered(listing: Listing, page: Sql): Sql {
  const keys = listing.sort.keys.map((_, index) => sql`p.${keyName(index)}`);
  return sql`select ${columnsOfRow(listing)}${columns(keys)}, null::bigint
    from (${page}) p cross join lateral (
      select * from customers c where c.enterprise_id = ${listing.enterpriseId} and c.id = p.id limit 1
    ) c ${withVersion(listing.enterpriseId)}
    order by ${orderBy(listing.sort, listing.descending, "p.")}`;
}

function withTotal(listing: Listing, page: Sql, count: Sql): Sql {
  if (!listing.counted) return page;
  const nulls = Array.from({ length: widthOfRow(listing) + listing.sort.keys.length }, () => sql`null`);
  return sql`(${page}) union all (select ${join(nulls)}, (${count}))`;
}
