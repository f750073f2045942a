import { randomUUID } from "node:crypto";
import type { OperatorPool } from "../database/pools.ts";
import { empty, join, raw, type Sql, sql } from "../database/sql.ts";

export type QueueItem = { enterpriseId: string; id: string };

/**
 * When an item can be taken again, null for not before it is made due; and from which lane, without one its own.
 */
export type NextRun<Lane extends string> = { afterMs: number | null; lane?: Lane };

/**
 * The table of a queue: a row for each item, with the columns `enterprise`, `holder` and `leased_until`. Conditions
 * name the row `q`.
 */
export type QueueTable<Lane extends string> = {
  table: string;
  /** The column of the item's id. */
  id: string;
  /** The column that orders items. */
  orderBy: string;
  /** How long a killed holder blocks its items. */
  leaseSeconds: number;
  /** Whether items of the enterprises with the fewest leases come first. */
  isFair: boolean;
  isInLane(lane: Lane): Sql;
  /** Whether an item without a holder can be taken now. */
  isDue(): Sql;
  /** Columns that taking sets besides the lease. */
  whenTaken: readonly Sql[];
  /** Columns that releasing sets besides the holder: `leased_until`, and the due time. */
  whenReleased(next: NextRun<Lane>): readonly Sql[];
  /** Whether an item was not queued again while it was leased. */
  isComplete: Sql;
};

export type LeaseQueue<Lane extends string> = {
  /** Leases up to `limit` items without a holder; a fair queue returns one at a time. */
  take(lane: Lane, limit: number): Promise<QueueItem[]>;
  /** Extends the lease. Returns false when another holder has taken the item over. */
  renew(item: QueueItem): Promise<boolean>;
  /** Ends the lease of an item that is to be taken again. */
  release(item: QueueItem, next: NextRun<Lane>): Promise<void>;
  /** Removes the item, or ends its lease when it was queued again. */
  complete(item: QueueItem): Promise<void>;
  /** Ends the leases of all holders; safe only while no other process uses the database. */
  releaseAll(): Promise<void>;
};

/** The queue for one holder. Leases go by the database's clock. */
export function openLeaseQueue<Lane extends string>(
  operator: OperatorPool,
  definition: QueueTable<Lane>,
  holder: string = randomUUID(),
): LeaseQueue<Lane> {
  const { leaseSeconds, isFair } = definition;
  const table = raw(definition.table);
  const id = raw(definition.id);
  const order = raw(definition.orderBy);
  const leaseEnd = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`;
  const leases = sql`select count(*) from ${table} r
    where r.enterprise = q.enterprise and r.leased_until >= clock_timestamp()`;
  const taken = (limit: number) => (isFair ? 1 : limit);
  // Two index scans: an `or` of both conditions would read every item of an idle queue. An index can be searched by
  // the start of the statement, but not by clock_timestamp().
  const candidates = (lane: Lane, condition: Sql, limit: number, first: Sql) =>
    sql`(select q.enterprise, q.${id}, q.${order}, (${isFair ? leases : sql`select 0`}) as leases from ${table} q
      where ${definition.isInLane(lane)} and ${condition}
      order by ${isFair ? sql`leases, ` : empty}${first} limit ${taken(limit)} for update skip locked)`;
  const free = (lane: Lane, limit: number) =>
    candidates(lane, sql`q.holder is null and ${definition.isDue()}`, limit, sql`q.${order}`);
  const expired = (lane: Lane, limit: number) =>
    candidates(lane, sql`q.leased_until < statement_timestamp()`, limit, sql`q.leased_until`);
  const isHeld = (item: QueueItem) =>
    sql`enterprise = ${item.enterpriseId} and ${id} = ${item.id} and holder = ${holder}`;
  const released = (next: NextRun<Lane>) => join([sql`holder = null`, ...definition.whenReleased(next)]);

  return {
    async take(lane, limit) {
      return operator.many(
        sql<QueueItem>`update ${table} set ${join([sql`holder = ${holder}, leased_until = ${leaseEnd}`, ...definition.whenTaken])}
            where (enterprise, ${id}) in (
              select enterprise, ${id} from (
                select * from ${free(lane, limit)} free union all select * from ${expired(lane, limit)} expired) candidates
              order by leases, ${order} limit ${taken(limit)})
            returning (select e.id from enterprises e where e.key = ${table}.enterprise) as "enterpriseId", ${id} as id`,
      );
    },
    async renew(item) {
      const { rowCount } = await operator.many(
        sql`update ${table} set leased_until = ${leaseEnd} where ${isHeld(item)}`,
      );
      return rowCount === 1;
    },
    async release(item, next) {
      await operator.many(sql`update ${table} set ${released(next)} where ${isHeld(item)}`);
    },
    async complete(item) {
      const { rowCount } = await operator.many(
        sql`delete from ${table} where ${isHeld(item)} and ${definition.isComplete}`,
      );
      if (rowCount === 0)
        await operator.many(
          sql`update ${table} set holder = null, leased_until = null where ${isHeld(item)}`,
        );
    },
    async releaseAll() {
      await operator.many(sql`update ${table} set ${released({ afterMs: 0 })} where holder is not null`);
    },
  };
}
