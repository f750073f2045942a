import { empty, join, type Sql, sql } from "../../database/sql.ts";
import { boundedScan, scan, sortedScan, type Walked } from "./scan.ts";
import { type EmptyFirst, idOf, orderBy, tableOf } from "./sort.ts";
import { literal, ownRows, sourceOf } from "./source.ts";

type Position = readonly string[] | null;

/** The customers without the key, or those with one. */
type Part = {
  /** Ids and keys in order. With `most`, a scan ends after that number of customers. */
  select(most: Sql | null, rows: Sql, gate: readonly Sql[]): Sql;
  /** Whether `most` customers include the last one. */
  hasEnded(most: Sql): Sql;
};

/**
 * Customers without the key come first, in order of id; the second part is read where the first one ends. The index of
 * the key has only customers that have one.
 */
export function walkEmptyFirst(
  page: Walked,
  empties: EmptyFirst,
  most: Sql | null,
  gate: readonly Sql[],
): Sql {
  const { sort, descending, after, offset, rowsMax } = page;
  const ofPart = page.conditions.find(({ within, column }) => within !== undefined && column === sort.index);
  const within = ofPart?.within;
  // The part has the condition already.
  const conditions = page.conditions.filter((condition) => condition !== ofPart);
  const startsEmpty = after === null ? !descending : after[0] === empties.emptyText;
  const partOf = (isEmpty: boolean) => {
    const position = isEmpty === startsEmpty ? after : null;
    return (isEmpty ? emptyPart : setPart)({ ...page, conditions }, empties, position);
  };
  const isLast = startsEmpty === descending;
  const [first, second] = [startsEmpty, ...(isLast ? [] : [!startsEmpty])]
    .filter((isEmpty) => within === undefined || isEmpty === (within === "empty"))
    .map(partOf);
  // A limit in the text would make a new statement for each offset.
  const rows = offset === 0 ? literal(rowsMax) : sql`${offset + rowsMax}::integer`;
  const ofPage = sql`order by ${orderBy(sort, descending)} limit ${literal(rowsMax)} offset ${offset}`;
  if (!first) return partOf(startsEmpty).select(most, literal(0), gate);
  if (!second) return sql`select * from (${first.select(most, rows, gate)}) only_part ${ofPage}`;
  const left = sql`(${rows} - (select count(*) from first_part))`;
  // A scan that stopped after `most` customers has not reached the end of its part.
  const hasEnded =
    most === null ? [] : [sql`(select case when ${left} > 0 then ${first.hasEnded(most)} end)`];
  return sql`with first_part as materialized (${first.select(most, rows, gate)})
    select * from (
      select * from first_part
      union all (${second.select(most, left, [...gate, ...hasEnded])})
    ) both_parts ${ofPage}`;
}

function setPart(page: Walked, { isSet, setKey, isUnique }: EmptyFirst, position: Position): Part {
  const direction = page.descending ? sql`desc` : empty;
  const beyond = page.descending ? sql`<` : sql`>`;
  const order = isUnique ? sql`key_0 ${direction}` : sql`key_0 ${direction}, id ${direction}`;
  const isBehind = ([key, id]: readonly string[]) =>
    isUnique ? sql`key_0 ${beyond} ${key}` : sql`(key_0, id) ${beyond} (${key}, ${id})`;
  const behind = position === null ? [] : [isBehind(position)];
  const keys = sql`, ${setKey} as key_0`;
  return {
    select(most, rows, gate) {
      const ordered = {
        keys,
        is: [isSet],
        position: behind,
        order,
        gate,
        page: sql`order by ${order} limit ${rows}`,
      };
      return most === null ? scan(page, ordered) : boundedScan(page, most, ordered);
    },
    hasEnded: (most) => areAtMost(most, page, keys, [isSet], behind),
  };
}

/** Customers without the key that are sorted before others are read. */
const emptiesSorted = 300;
/** The least number of customers that are read by id to find those without the key. */
const walkedMin = 20_000;
const walkedPerRow = 10;

/**
 * Few customers without the key are read from their index and sorted. To find many, customers are read by id, and those
 * with the key skipped; where that finds too few of them, all without the key are sorted.
 */
function emptyPart(page: Walked, { isEmpty, emptyKey }: EmptyFirst, position: Position): Part {
  const direction = page.descending ? sql`desc` : empty;
  const order = sql`id ${direction}`;
  const behind = position === null ? [] : [sql`id ${page.descending ? sql`<` : sql`>`} ${position.at(-1)}`];
  const keys = sql`, ${emptyKey} as key_0`;
  const areFew = areAtMost(literal(emptiesSorted), page, empty, [isEmpty], []);
  const walkEnds = (most: Sql) => areAtMost(most, page, empty, [], behind);
  return {
    hasEnded: (most) => sql`(${areFew} or ${walkEnds(most)})`,
    select(most, rows, gate) {
      const bound = most ?? literal(walkedMin + walkedPerRow * page.rowsMax);
      const ordered = { keys, position: behind, order, page: sql`order by ${order} limit ${rows}` };
      // Evaluated once: before the first vacuum it reads each of these customers.
      const few = sql`(select are_few from few)`;
      const walked = boundedScan(page, bound, { ...ordered, is: [], gate: [...gate, sql`not ${few}`] }, [
        isEmpty,
      ]);
      const isSorted =
        most === null
          ? sql`(select case when ${few} then true when count(*) < ${rows} then not ${walkEnds(bound)} else false end
              from walked_part)`
          : few;
      return sql`with few as materialized (select ${areFew} as are_few), walked_part as materialized (${walked})
        select * from walked_part where not ${isSorted}
        union all (${sortedScan(page, { ...ordered, is: [isEmpty], gate: [...gate, isSorted] })})`;
    },
  };
}

/** Whether at most `most` customers of the index's table meet the conditions, after the position. */
function areAtMost(
  most: Sql,
  { enterpriseId, sort }: Walked,
  keys: Sql,
  is: readonly Sql[],
  behind: readonly Sql[],
): Sql {
  const table = tableOf(sort.index);
  return sql`(select count(*) <= ${most} from (
      select from (
        select ${idOf(table)} as id${keys} from ${sourceOf(enterpriseId, table, [])}
        where ${join([ownRows(enterpriseId, table), ...is], " and ")}) m
      ${behind.length === 0 ? empty : sql`where ${join([...behind], " and ")}`} limit ${most} + 1) m)`;
}
