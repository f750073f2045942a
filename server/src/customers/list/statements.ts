import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import {
  empty,
  join,
  type Query,
  raw,
  type Sql,
  sql,
  type TextRow,
  textRows,
  unnamed,
} from "../../database/sql.ts";
import { bookingTimes } from "../bookings/booking-times.ts";
import { showsBookings } from "../customer-json.ts";
import { customerRowColumns, customerRowWidth } from "../store.ts";
import { withCustomer, withVersion } from "../version-store.ts";
import { type ListConditions, listConditions } from "./conditions.ts";
import type { ListRequest } from "./query.ts";
import { behind, columns, idOf, keyColumns, keyName, type ListedTable, orderBy, tableOf } from "./sort.ts";
import { ownRows, scannedFor, sourceOf, tablesOf } from "./source.ts";

export type PageOfList = ListRequest & {
  /** The position after which the page starts. Null: the start of the list. */
  after: readonly string[] | null;
  offset: number;
  /** One more than the page's rows, to detect whether another page follows. */
  rowsMax: number;
  counted: boolean;
  /** Page and total must be one statement. */
  streamed: boolean;
};

type Listing = PageOfList & ListConditions & { enterpriseId: string };

/**
 * The page and the number of matches. A row has the columns to render, the sort keys, and null. With a count, one more
 * row has null as its first and the total as its last column.
 *
 * When one index has both the matches and the order, the statement scans that index. Otherwise it looks up at most
 * `matchesMax` matches: if those are all, it sorts them; if there are more, matches are dense enough for a scan in sort
 * order that skips the rest. For common words it first scans `walkedFirst` rows: looking up one letter takes 0.1 s.
 */
export function listStatements(database: EnterpriseDatabase, page: PageOfList): Query<TextRow>[] {
  const { enterpriseId } = database;
  const listing: Listing = { enterpriseId, ...page, ...listConditions(database, page.filters) };
  const { sort, offset, rowsMax, indexable, counted } = listing;
  const alongIndex =
    listing.viaSearchFunction.length === 0 &&
    indexable.every(({ column }) => column !== null && column === sort.index);
  if (!alongIndex) return [textRows(unnamed(matchesFirst(listing)))];

  // An order of two keys needs a sort: of keys only, before rows are read.
  const table = tableOf(sort.index);
  const inOneRead = offset === 0 && sort.index !== null && table === "customers" && sort.keys.length < 2;
  const rows = inOneRead
    ? sql`select ${columnsOfRow(listing)}${keyColumns(sort)}, null::bigint from customers c ${withVersion(enterpriseId)}
          where ${all(listing, "customers", [...indexableOf(listing), ...positionOf(listing)])}
          order by ${orderBy(sort, listing.descending)} limit ${literal(rowsMax)}`
    : rendered(listing, walk(listing, []));
  const total =
    indexable.length === 0
      ? sql`select coalesce(sum(customers), 0) from customer_counts where enterprise_id = ${enterpriseId}`
      : sql`select count(*) from ${sourceOf(enterpriseId, table, [])} where ${all(listing, table, indexableOf(listing))}`;
  // A stream reads one statement; in a batch, two statements are faster.
  if (listing.streamed) return [textRows(unnamed(withTotal(listing, rows, total)))];
  const planned = textRows(usualRows.has(rowsMax) && sort.index !== null ? rows : unnamed(rows));
  return counted ? [planned, textRows(sql`select null, (${total})`)] : [planned];
}

const matchesMax = 20_000;
const walkedFirst = 2_000;
// The limit is part of the statement's text because the plan depends on it, so only usual limits get a named statement.
const usualRows = new Set([10, 20, 25, 30, 50, 100, 200, 250, 500].map((limit) => limit + 1));

const literal = (number: number): Sql => raw(String(number));

/** The columns to render, with booking times where requested. */
const columnsOfRow = ({ enterpriseId, projection }: Listing): Sql =>
  showsBookings(projection) ? sql`${customerRowColumns}, ${bookingTimes(enterpriseId)}` : customerRowColumns;

export const widthOfRow = ({ projection }: Pick<ListRequest, "projection">): number =>
  customerRowWidth + (showsBookings(projection) ? 2 : 0);

const all = ({ enterpriseId }: Listing, scanned: ListedTable, conditions: readonly Sql[]): Sql =>
  join([ownRows(enterpriseId, scanned), ...conditions], " and ");

const indexableOf = ({ indexable }: Listing): Sql[] => indexable.map(({ is }) => is);

const positionOf = ({ sort, descending, after }: Listing): Sql[] =>
  after === null ? [] : [behind(sort, descending, after)];

/** Looks up matches, then either sorts them or scans in sort order. The unused arm costs nothing. */
function matchesFirst(listing: Listing): Sql {
  const { enterpriseId, sort, indexable, viaSearchFunction, searchArguments, rowsMax, offset, after } =
    listing;
  const isSearched = viaSearchFunction.length > 0;
  const walksFirst = isSearched && canWalkFirst(listing);
  const most = walksFirst
    ? sql`case when (select is_full from walked) then 0 else ${matchesMax + 1}::integer end`
    : sql`${matchesMax + 1}`;
  const listed = isSearched || indexable.length > 1 ? undefined : indexable[0]?.ids;
  const scanned = scannedFor(indexable);
  const indexed = sql`from ${sourceOf(enterpriseId, scanned, tablesOf(indexable))}`;
  const found = isSearched
    ? sql`select id from matching_customers(${searchArguments}, ${most}) as id`
    : listed
      ? sql`select id from (${listed(literal(matchesMax + 1))}) listed limit ${literal(matchesMax + 1)}`
      : sql`select ${idOf(scanned)} as id ${indexed} where ${all(listing, scanned, indexableOf(listing))}
          limit ${literal(matchesMax + 1)}`;
  // Matches of the search function must also meet the other conditions.
  const further = isSearched ? indexableOf(listing) : [];
  const needsVersions = [tableOf(sort.index), ...(isSearched ? tablesOf(indexable) : [])].includes(
    "customer_versions",
  );
  const joined = sql`from found join customers c on c.enterprise_id = ${enterpriseId} and c.id = found.id
    ${needsVersions ? withVersion(enterpriseId) : empty}`;
  const areFew = sql`(select are_few from matches)`;

  // Sorting by id needs no lookup of keys: with a limit of 1, the cheapest way to get a total.
  const isByIds = sort.keys.length === 0 && further.length === 0 && after === null;
  const source = isByIds ? sql`found.id from found` : sql`c.id${keyColumns(sort)} ${joined}`;
  const sorted = sql`select ${source}
    where ${join([areFew, ...further, ...positionOf(listing)], " and ")}
    order by ${orderBy(sort, listing.descending)} limit ${literal(rowsMax)} offset ${offset}`;
  const ofFew =
    further.length === 0
      ? sql`(select number from matches)`
      : sql`(select count(*) ${joined} where ${join(further, " and ")})`;
  const ofMany =
    isSearched && indexable.length === 0
      ? sql`count_matching_customers(${searchArguments})`
      : listed
        ? sql`(select count(*) from (${listed()}) listed)`
        : isSearched
          ? sql`(select count(*) from ${sourceOf(enterpriseId, "customers", tablesOf(indexable))}
              where ${all(listing, "customers", [...indexableOf(listing), ...viaSearchFunction])})`
          : sql`(select count(*) ${indexed} where ${all(listing, scanned, indexableOf(listing))})`;
  return sql`with ${walksFirst ? walkedRows(listing) : empty} found as materialized (${found}),
    matches as materialized (select count(*) as number, count(*) <= ${matchesMax} as are_few from found)
    ${withTotal(
      listing,
      rendered(
        listing,
        sql`${walksFirst ? sql`(select id${keyNames(listing)} from walked_rows, walked where is_full) union all` : empty}
          (${sorted}) union all (${walk(listing, [sql`not ${areFew}`])})`,
      ),
      sql`select case when ${areFew} then ${ofFew} else ${ofMany} end`,
    )}`;
}

/** True without a count and with an index for the order. */
const canWalkFirst = ({ areCommon, counted, offset, rowsMax, sort }: Listing): boolean =>
  areCommon &&
  !counted &&
  offset === 0 &&
  rowsMax < walkedFirst / 2 &&
  sort.index !== null &&
  sort.index !== "external_id";

/** Matches among the first rows in sort order. When they fill the page, nothing else is read. */
function walkedRows(listing: Listing): Sql {
  const { enterpriseId, sort, indexable } = listing;
  const table = tableOf(sort.index);
  const order = orderBy(sort, listing.descending);
  const first =
    table === "customers"
      ? sql`(select c.*${keyColumns(sort)} from customers c where ${all(listing, table, positionOf(listing))}
          order by ${order} limit ${literal(walkedFirst)}) c
          ${tablesOf(indexable).includes("customer_versions") ? withVersion(enterpriseId) : empty}`
      : sql`(select v.*, v.customer_id as id${keyColumns(sort)} from customer_versions v
          where ${all(listing, table, positionOf(listing))}
          order by ${order} limit ${literal(walkedFirst)}) v ${withCustomer(enterpriseId)}`;
  return sql`walked_rows as materialized (
      select c.id${keyNames(listing)} from ${first}
      where ${join([...indexableOf(listing), ...listing.viaSearchFunction], " and ")}
      order by ${order} limit ${literal(listing.rowsMax)}),
    walked as materialized (select count(*) = ${listing.rowsMax} as is_full from walked_rows),`;
}

const keyNames = ({ sort }: Listing): Sql => columns(sort.keys.map((_, index) => keyName(index)));

/** Ids and keys of matches from a scan in sort order. */
function walk(listing: Listing, gate: readonly Sql[]): Sql {
  if (listing.sort.index === "external_id") return walkByExternalId(listing, gate);
  const table = tableOf(listing.sort.index);
  const needed = [
    ...tablesOf(listing.indexable),
    ...listing.viaSearchFunction.map(() => "customers" as const),
  ];
  return sql`select ${idOf(table)} as id${keyColumns(listing.sort)} from ${sourceOf(listing.enterpriseId, table, needed)}
    where ${all(listing, table, [...gate, ...indexableOf(listing), ...listing.viaSearchFunction, ...positionOf(listing)])}
    order by ${orderBy(listing.sort, listing.descending)} limit ${literal(listing.rowsMax)} offset ${listing.offset}`;
}

/** Customers without an external id have their own index and come first. */
function walkByExternalId(listing: Listing, gate: readonly Sql[]): Sql {
  const { descending, after, offset, rowsMax } = listing;
  const [wasSet, externalId, id] = after ?? [];
  const direction = descending ? sql`desc` : empty;
  const beyond = descending ? sql`<` : sql`>`;
  const behindInArm = (armIsSet: boolean, isBehind: Sql): Sql[] => {
    if (after === null) return [];
    if (armIsSet === (wasSet === "t")) return [isBehind];
    // The position is in the other arm, so all rows of this arm are after it, or all are before it.
    return armIsSet === descending ? [sql`false`] : [];
  };
  // A limit in the text would make a new statement for each offset.
  const rowsOfArm = offset === 0 ? literal(rowsMax) : sql`${offset + rowsMax}`;
  const arm = (keys: Sql, is: Sql, order: Sql, position: readonly Sql[]) =>
    sql`(select c.id, ${keys} from ${sourceOf(listing.enterpriseId, "customers", tablesOf(listing.indexable))}
      where ${all(listing, "customers", [is, ...gate, ...indexableOf(listing), ...listing.viaSearchFunction, ...position])}
      order by ${order} ${direction} limit ${rowsOfArm})`;
  return sql`select id, key_0, key_1 from (
      ${arm(
        sql`false as key_0, '' collate "C" as key_1`,
        sql`c.external_id is null`,
        sql`c.id`,
        behindInArm(false, sql`c.id ${beyond} ${id}`),
      )}
      union all
      ${arm(
        sql`true, c.external_id`,
        sql`c.external_id is not null`,
        sql`c.external_id`,
        behindInArm(true, sql`c.external_id ${beyond} ${externalId}`),
      )}
    ) both_arms
    order by ${orderBy(listing.sort, descending)} limit ${literal(rowsMax)} offset ${offset}`;
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
