import { type Sql, sql } from "../database/sql.ts";

/**
 * A snapshot: `xmin:xmax:xip,…`. A number after `@` is the cluster it was taken in, of those that the journal has been
 * moved through by dump and restore; without one, it is the first.
 */
export type Snapshot = string;

/** The snapshot of the enclosing statement. */
export const currentSnapshot = sql`pg_current_snapshot()::text
  || coalesce((select '@' || max(place) from journal_clusters having max(place) > 0), '')`;

function partsOf(snapshot: Snapshot): { text: string; place: number } {
  const [text = "", place = "0"] = snapshot.split("@");
  return { text, place: Number(place) };
}

const aboveAllIds = "9223372036854775807";
const aboveAllTransactions = "18446744073709551615";

/** The first id given in a cluster; above all ids if the journal has not been there. */
const firstIdIn = (place: number): Sql =>
  place === 0
    ? sql`0`
    : sql`coalesce((select first_id from journal_clusters where place = ${place}), ${aboveAllIds}::bigint)`;

/**
 * Whether a snapshot contains the change `c`: all of earlier clusters, none of later ones. Transaction ids are compared
 * within one cluster only: each cluster assigns them anew.
 */
export function isIn(snapshot: Snapshot): Sql {
  const { text, place } = partsOf(snapshot);
  return sql`(c.id < ${firstIdIn(place)} or c.id < ${firstIdIn(place + 1)}
    and pg_visible_in_snapshot(c.transaction_id, ${text}::pg_snapshot))`;
}

/** A lower bound of the ids of changes that a snapshot does not contain; null when it contains all. */
export function idBefore(enterpriseId: string, snapshot: Snapshot): Sql {
  const { text, place } = partsOf(snapshot);
  const later = (what: Sql) => sql`(select ${what} from journal_clusters where place = ${place + 1})`;
  // By transaction: those started since, and those in progress. Without the fence and the upper bound, the planner
  // scans the ids in order, through everything already read.
  return sql`(select least(min(id), ${later(sql`first_id`)}) - 1 from (
      select c.id from changes c where c.enterprise_id = ${enterpriseId}
        and c.transaction_id >= pg_snapshot_xmin(${text}::pg_snapshot)
        and c.transaction_id < coalesce(
          ${later(sql`${aboveAllTransactions}::xid8`)}, pg_snapshot_xmax(pg_current_snapshot()))
        and not ${isIn(snapshot)} offset 0
    ) as unseen)`;
}
