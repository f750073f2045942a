import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import { type Sql, sql } from "../database/sql.ts";

/** The statement that gives a new enterprise its position, before its first change. */
export const createPosition = (enterpriseId: string): Sql =>
  sql`insert into positions (enterprise_id) values (${enterpriseId})`;

/** Null until the service has begun the epoch of this start of the server. */
const runningEpoch = sql`(select id from epochs
  where server_started_at = pg_postmaster_start_time() and database_id = database_id())`;

/**
 * Raises the enterprise's position by `count` changes and locks it until the transaction ends. Returns the number
 * `before` them, their time and their epoch. The time is taken under the lock, so times are in the order of numbers.
 */
export const raisePosition = (
  { enterpriseId, simulatedTime }: Pick<EnterpriseDatabase, "enterpriseId" | "simulatedTime">,
  count: Sql,
): Sql => {
  const time = simulatedTime === null ? sql`clock_timestamp()` : sql`${simulatedTime}::timestamptz`;
  return sql`update positions p
    set number = p.number + raised.count,
      at = case when p.transaction_id = pg_current_xact_id() and p.epoch = ${runningEpoch} then p.at
        else greatest(${time}, p.at + interval '1 microsecond') end,
      epoch = ${runningEpoch}, previous_epoch = p.epoch, transaction_id = pg_current_xact_id()
    from (select (${count})::bigint as count) raised
    where p.enterprise_id = ${enterpriseId} and raised.count > 0
    returning p.number - raised.count as before, p.at, p.epoch, p.previous_epoch`;
};

/** The time of the changes that the transaction has appended. */
export const timeOfPosition = (enterpriseId: string): Sql =>
  sql`(select at from positions where enterprise_id = ${enterpriseId})`;

/** The number of the last change of each enterprise, to join. */
export const lastNumbers: Sql = sql`(select enterprise_id, number from positions)`;
