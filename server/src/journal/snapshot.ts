import { type Sql, sql } from "../database/sql.ts";

/**
 * What there was at a moment: `xmin:xmax:xip,…`. Behind an `@` it says in which of the clusters it was taken that the
 * journal has been in, one after the other, by dump and restore; without, in the first one.
 */
export type Snapshot = string;

/** The snapshot of the statement that it stands in. */
export const currentSnapshot = sql`pg_current_snapshot()::text
  || coalesce((select '@' || max(place) from journal_clusters having max(place) > 0), '')`;

function partsOf(snapshot: Snapshot): { text: string; place: number } {
  const [text = "", place = "0"] = snapshot.split("@");
  return { text, place: Number(place) };
}

const aboveAllIds = "9223372036854775807";
const aboveAllTransactions = "18446744073709551615";

/** The first id that was given in a cluster; one above all ids when the journal has not been there. */
const firstIdIn = (place: number): Sql =>
  place === 0
    ? sql`0`
    : sql`coalesce((select first_id from journal_clusters where place = ${place}), ${aboveAllIds}::bigint)`;

/**
 * Whether a snapshot has the change `c`: all of earlier clusters, none of later ones. Transaction ids are compared
 * within one cluster alone: others give the same again.
 */
export function isIn(snapshot: Snapshot): Sql {
  const { text, place } = partsOf(snapshot);
  return sql`(c.id < ${firstIdIn(place)} or c.id < ${firstIdIn(place + 1)}
    and pg_visible_in_snapshot(c.transaction_id, ${text}::pg_snapshot))`;
}

/** An id below all changes that a snapshot does not have, and near the first of them; null when it has all. */
export function idBefore(enterpriseId: string, snapshot: Snapshot): Sql {
  const { text, place } = partsOf(snapshot);
  const later = (what: Sql) => sql`(select ${what} from journal_clusters where place = ${place + 1})`;
  // By transaction: those that have begun since, and those that were under way. Without its fence and its upper bound
  // it is planned as a walk along the ids, through all that was seen.
  return sql`(select least(min(id), ${later(sql`first_id`)}) - 1 from (
      select c.id from changes c where c.enterprise_id = ${enterpriseId}
        and c.transaction_id >= pg_snapshot_xmin(${text}::pg_snapshot)
        and c.transaction_id < coalesce(
          ${later(sql`${aboveAllTransactions}::xid8`)}, pg_snapshot_xmax(pg_current_snapshot()))
        and not ${isIn(snapshot)} offset 0
    ) as unseen)`;
}
