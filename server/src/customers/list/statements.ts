import { permitted } from "../../companies/permitted.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import type { Statement } from "../../database/batch.ts";
import { empty, join, named, raw, type Sql, sql, unnamed } from "../../database/sql.ts";
import { firstIdAt } from "../../ids/new-id.ts";
import { keysStartingWith } from "../../text/fold.ts";
import { bookingTimes } from "../bookings/booking-times.ts";
import { customersAt, hasEventsAt } from "../bookings/customers-at-branch.ts";
import { searchMark } from "../derived/derive.ts";
import { soughtWords } from "../derived/search-terms.ts";
import { tsqueryOf } from "../derived/tsquery.ts";
import { showsBookings } from "../render.ts";
import { renderedColumns, renderedWidth } from "../store.ts";
import { fieldCondition } from "./field-filters.ts";
import type { Filters, ListRequest } from "./query.ts";
import { behind, columns, type IndexedColumn, keyColumns, keyName, orderBy } from "./sort.ts";

export type PageOfList = ListRequest & {
  /** The position behind which the page begins, or null for the beginning. */
  after: readonly string[] | null;
  offset: number;
  /** Rows, one more than the page has: it tells whether another follows. */
  rowsMax: number;
  counted: boolean;
  /** All must be one statement. */
  streamed: boolean;
};

type Listing = PageOfList & {
  enterpriseId: string;
  /** Conditions that each customer can be asked, with the column whose index has both them and an order. */
  plain: readonly Condition[];
  /** Conditions that row-level security keeps from their index: only the functions find by them. */
  guarded: readonly Sql[];
  /** The arguments of those functions. */
  sought: Sql;
  /** So many customers have all the words that a page is soon full when walking along the order. */
  areCommon: boolean;
};
type Condition = {
  column: IndexedColumn | null;
  is: Sql;
  /** A query of the ids that meet it, all or at least so many, where the index of another table has them. */
  ids?: (most?: Sql) => Sql;
};

/**
 * The page and how many customers match. A row is what is rendered, what it is sorted by, and null; when it counts
 * there is one more row, its first column null and its last the total.
 *
 * An index gives either the order or the matches, seldom both. Where both come from one, it is walked along.
 * Elsewhere the matches are looked up first, as far as `matchesMax`: if that was all, they are sorted; if there are
 * more they are so dense that walking along the order and passing over the others is quick. For common words it is
 * walked for a while before anything is looked up: to find the matches of one letter takes 0.1 s.
 */
export function listStatements(database: EnterpriseDatabase, asked: PageOfList): Statement[] {
  const { enterpriseId } = database;
  const it: Listing = { enterpriseId, ...asked, ...conditionsOf(database, asked.filters) };
  const { sort, offset, rowsMax, plain, counted } = it;
  const alongIndex =
    it.guarded.length === 0 && plain.every(({ column }) => column !== null && column === sort.index);
  if (!alongIndex) return [unnamed(matchesFirst(it))];

  // An order of two keys takes some sorting: of keys alone, before the rows are read.
  const inOneRead = offset === 0 && sort.index !== null && sort.keys.length < 2;
  const page = inOneRead
    ? sql`select ${columnsOfRow(it)}${keyColumns(sort)}, null::bigint from customers c
          where ${all(it, [...plainOf(it), ...positionOf(it)])}
          order by ${orderBy(sort, it.descending)} limit ${literal(rowsMax)}`
    : rendered(it, walk(it, []));
  const total =
    plain.length === 0
      ? sql`select coalesce(sum(customers), 0) from customer_counts where enterprise_id = ${enterpriseId}`
      : sql`select count(*) from customers c where ${all(it, plainOf(it))}`;
  // A cursor reads one statement; in a batch the two are quicker apart.
  if (it.streamed) return [unnamed(withTotal(it, page, total))];
  const planned = usualRows.has(rowsMax) && sort.index !== null ? named(page) : unnamed(page);
  return counted ? [planned, named(sql`select null, (${total})`)] : [planned];
}

const matchesMax = 20_000;
const walkedFirst = 2_000;
/** A letter or two, and as many digits as those of one network or town share. */
const commonWord = /^(..?|[+<]?\d{1,5})$/u;

// The limit stands in the text, for the plan rests on it; so only usual ones are worth a name.
const usualRows = new Set([10, 20, 25, 30, 50, 100, 200, 250, 500].map((limit) => limit + 1));

const literal = (number: number): Sql => raw(String(number));

/** Enters where the conditions of the filters rest on who calls. */
export async function enterFor(database: EnterpriseDatabase, { companyIds }: Filters): Promise<void> {
  if (companyIds !== null) await database.batch([]);
}

/** What the filters ask of `customers c`. */
export function conditionsOf(
  database: EnterpriseDatabase,
  filters: Filters,
): Pick<Listing, "plain" | "guarded" | "sought" | "areCommon"> {
  const { enterpriseId } = database;
  const { ids, externalIds, bookerId, firstNameLetter, lastNameLetter, tagIds, companyIds } = filters;
  const { createdSince, createdBefore, updatedSince, updatedBefore, hasBookings, hasTags } = filters;
  const plain: Condition[] = [];
  const where = (column: Condition["column"], is: Sql) => plain.push({ column, is });
  if (ids) where("id", sql`c.id = any(${ids}::text[])`);
  if (externalIds) where(null, sql`c.external_id = any(${externalIds}::text[])`);
  if (bookerId !== null) where(null, sql`c.booker_id = ${bookerId}`);
  // Ids begin with the second of their making.
  if (createdSince) where("id", sql`c.id >= ${firstIdAt(createdSince)}`);
  if (createdBefore) where("id", sql`c.id < ${firstIdAt(createdBefore)}`);
  if (updatedSince) where("updated_at", sql`c.updated_at >= ${updatedSince}`);
  if (updatedBefore) where("updated_at", sql`c.updated_at < ${updatedBefore}`);
  if (hasBookings !== null)
    where("total_bookings", hasBookings ? sql`c.total_bookings > 0` : sql`c.total_bookings = 0`);
  if (hasTags !== null) where(null, hasTags ? sql`c.tag_ids <> '{}'` : sql`c.tag_ids = '{}'`);
  if (companyIds !== null) {
    const own = permitted(database, companyIds);
    plain.push({
      column: null,
      is: hasEventsAt(enterpriseId, own),
      ids: (most) => customersAt(enterpriseId, own, most),
    });
  }
  for (const filter of filters.fields) where(null, fieldCondition(filter));
  if (firstNameLetter !== null) where("first_name_key", within(sql`c.first_name_key`, firstNameLetter));
  if (lastNameLetter !== null) where("last_name_key", within(sql`c.last_name_key`, lastNameLetter));

  const wordsOfSearch = filters.q === null ? null : soughtWords(filters.q);
  const words = wordsOfSearch && tsqueryOf(searchMark(enterpriseId), wordsOfSearch);
  const values = filters.values === null ? null : JSON.stringify(filters.values);
  const guarded: Sql[] = [];
  if (words !== null) guarded.push(sql`c.search @@ ${words}::tsquery`);
  if (values !== null) guarded.push(sql`c.values @> ${values}::jsonb`);
  if (tagIds !== null) guarded.push(sql`c.tag_ids && ${tagIds}::text[]`);
  return {
    plain,
    guarded,
    sought: sql`${words}::tsquery, ${values}::jsonb, ${tagIds}::text[]`,
    areCommon: wordsOfSearch?.flat(2).every((word) => commonWord.test(word)) ?? false,
  };
}

function within(key: Sql, letter: string): Sql {
  const { from, to } = keysStartingWith(letter);
  return sql`${key} >= ${from} and ${key} < ${to}`;
}

/** What is rendered, and when bookings start where that is asked for. */
const columnsOfRow = ({ enterpriseId, projection }: Listing): Sql =>
  showsBookings(projection) ? sql`${renderedColumns}, ${bookingTimes(enterpriseId)}` : renderedColumns;

export const widthOfRow = ({ projection }: Pick<ListRequest, "projection">): number =>
  renderedWidth + (showsBookings(projection) ? 2 : 0);

const all = ({ enterpriseId }: Listing, conditions: readonly Sql[]): Sql =>
  join([sql`c.enterprise_id = ${enterpriseId}`, ...conditions], " and ");

const plainOf = ({ plain }: Listing): Sql[] => plain.map(({ is }) => is);

const positionOf = ({ sort, descending, after }: Listing): Sql[] =>
  after === null ? [] : [behind(sort, descending, after)];

/** Matches looked up, then either sorted or walked to: the arm that is not taken costs nothing. */
function matchesFirst(it: Listing): Sql {
  const { enterpriseId, sort, plain, guarded, sought, rowsMax, offset, after } = it;
  const isGuarded = guarded.length > 0;
  const walksFirst = isGuarded && canWalkFirst(it);
  const most = walksFirst
    ? sql`case when (select is_full from walked) then 0 else ${matchesMax + 1}::integer end`
    : sql`${matchesMax + 1}`;
  const listed = isGuarded || plain.length > 1 ? undefined : plain[0]?.ids;
  const found = isGuarded
    ? sql`select id from matching_customers(${sought}, ${most}) as id`
    : listed
      ? sql`select id from (${listed(literal(matchesMax + 1))}) listed limit ${literal(matchesMax + 1)}`
      : sql`select c.id from customers c where ${all(it, plainOf(it))} limit ${literal(matchesMax + 1)}`;
  const joined = sql`from found join customers c on c.enterprise_id = ${enterpriseId} and c.id = found.id`;
  // What the function has found may have more conditions to meet.
  const further = isGuarded ? plainOf(it) : [];
  const areFew = sql`(select are_few from matches)`;

  // In the order of ids nothing is looked up to sort by: with a limit of 1, the cheapest way to a total.
  const isByIds = sort.keys.length === 0 && further.length === 0 && after === null;
  const source = isByIds ? sql`found.id from found` : sql`c.id${keyColumns(sort)} ${joined}`;
  const sorted = sql`select ${source}
    where ${join([areFew, ...further, ...positionOf(it)], " and ")}
    order by ${orderBy(sort, it.descending)} limit ${literal(rowsMax)} offset ${offset}`;
  const ofFew =
    further.length === 0
      ? sql`(select number from matches)`
      : sql`(select count(*) ${joined} where ${join(further, " and ")})`;
  const ofMany =
    isGuarded && plain.length === 0
      ? sql`count_matching_customers(${sought})`
      : listed
        ? sql`(select count(*) from (${listed()}) listed)`
        : sql`(select count(*) from customers c where ${all(it, [...plainOf(it), ...guarded])})`;
  return sql`with ${walksFirst ? walkedRows(it) : empty} found as materialized (${found}),
    matches as materialized (select count(*) as number, count(*) <= ${matchesMax} as are_few from found)
    ${withTotal(
      it,
      rendered(
        it,
        sql`${walksFirst ? sql`(select id${keyNames(it)} from walked_rows, walked where is_full) union all` : empty}
          (${sorted}) union all (${walk(it, [sql`not ${areFew}`])})`,
      ),
      sql`select case when ${areFew} then ${ofFew} else ${ofMany} end`,
    )}`;
}

/** When nothing is to be counted, and an index has the order. */
const canWalkFirst = ({ areCommon, counted, offset, rowsMax, sort }: Listing): boolean =>
  areCommon &&
  !counted &&
  offset === 0 &&
  rowsMax < walkedFirst / 2 &&
  sort.index !== null &&
  sort.index !== "external_id";

/** The first of the order that match, and whether they are a page: then no others are asked for. */
function walkedRows(it: Listing): Sql {
  const order = orderBy(it.sort, it.descending);
  return sql`walked_rows as materialized (
      select c.id${keyNames(it)} from (
        select c.*${keyColumns(it.sort)} from customers c where ${all(it, positionOf(it))}
        order by ${order} limit ${literal(walkedFirst)}) c
      where ${join([...plainOf(it), ...it.guarded], " and ")}
      order by ${order} limit ${literal(it.rowsMax)}),
    walked as materialized (select count(*) = ${it.rowsMax} as is_full from walked_rows),`;
}

const keyNames = ({ sort }: Listing): Sql => columns(sort.keys.map((_, index) => keyName(index)));

/** Ids and keys along the order, passing over what does not meet the conditions. */
function walk(it: Listing, gate: readonly Sql[]): Sql {
  if (it.sort.index === "external_id") return walkByExternalId(it, gate);
  return sql`select c.id${keyColumns(it.sort)} from customers c
    where ${all(it, [...gate, ...plainOf(it), ...it.guarded, ...positionOf(it)])}
    order by ${orderBy(it.sort, it.descending)} limit ${literal(it.rowsMax)} offset ${it.offset}`;
}

/** Those without an external id have an index of their own, and come before the others. */
function walkByExternalId(it: Listing, gate: readonly Sql[]): Sql {
  const { descending, after, offset, rowsMax } = it;
  const [wasSet, externalId, id] = after ?? [];
  const direction = descending ? sql`desc` : empty;
  const beyond = descending ? sql`<` : sql`>`;
  const behindInArm = (armIsSet: boolean, isBehind: Sql): Sql[] => {
    if (after === null) return [];
    if (armIsSet === (wasSet === "t")) return [isBehind];
    // The position is in the other arm: this one lies wholly behind it, or wholly before.
    return armIsSet === descending ? [sql`false`] : [];
  };
  // A limit in the text for each offset would be a statement for each.
  const rowsOfArm = offset === 0 ? literal(rowsMax) : sql`${offset + rowsMax}`;
  const arm = (keys: Sql, is: Sql, order: Sql, position: readonly Sql[]) =>
    sql`(select c.id, ${keys} from customers c
      where ${all(it, [is, ...gate, ...plainOf(it), ...it.guarded, ...position])}
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
    order by ${orderBy(it.sort, descending)} limit ${literal(rowsMax)} offset ${offset}`;
}

/** The customers of a page of ids and keys: what was passed over was not read whole. */
function rendered(it: Listing, page: Sql): Sql {
  const keys = it.sort.keys.map((_, index) => sql`p.${keyName(index)}`);
  return sql`select ${columnsOfRow(it)}${columns(keys)}, null::bigint
    from (${page}) p cross join lateral (
      select * from customers c where c.enterprise_id = ${it.enterpriseId} and c.id = p.id limit 1
    ) c
    order by ${orderBy(it.sort, it.descending, "p.")}`;
}

function withTotal(it: Listing, page: Sql, count: Sql): Sql {
  if (!it.counted) return page;
  const nulls = Array.from({ length: widthOfRow(it) + it.sort.keys.length }, () => sql`null`);
  return sql`(${page}) union all (select ${join(nulls)}, (${count}))`;
}
