import type { Logger } from "pino";
import { type Caller, type EnterpriseDatabase, writingAs } from "../database/as-enterprise.ts";
import type { OperatorPool } from "../database/pools.ts";
import { type Sql, sql } from "../database/sql.ts";
import { causeOf } from "../logging/error-cause.ts";
import type { PurgeKind } from "./job-kinds.ts";
import type { PeriodicJob } from "./periodic.ts";

/** Deletes the rows of one kind whose retention period is over, enterprise by enterprise. */
export type EnterprisePurge = {
  /** Selects the expired rows of the enterprise whose id the SQL gives. */
  selectExpired(enterpriseId: Sql, now: Date): Sql;
  /** Deletes a part of an enterprise's expired rows. Returns how many, 0 when none is left. */
  deletePart(database: EnterpriseDatabase, now: Date): Promise<number>;
};

/** The same for data that belongs to no enterprise, or that is deleted for all at once. */
type InstallationPurge = {
  /** Returns how many rows, or partitions, were deleted. */
  deleteAll(operator: OperatorPool, now: Date): Promise<number>;
};

export type Purge = EnterprisePurge | InstallationPurge;

const everyMs = 3_600_000;

/** Deletes everything that has expired, each part in its own transaction. Returns how many rows. */
export async function purge(
  operator: OperatorPool,
  rows: Purge,
  now: Date,
  signal?: AbortSignal,
): Promise<number> {
  if ("deleteAll" in rows) return rows.deleteAll(operator, now);
  let deletedTotal = 0;
  for (const enterpriseId of await enterprisesWith(operator, rows.selectExpired(sql`entered.id`, now))) {
    const caller: Caller = { enterpriseId, kind: "operator" };
    for (let deleted = 1; deleted > 0 && !signal?.aborted; deletedTotal += deleted)
      deleted = await writingAs(operator, caller, {}, (database) => rows.deletePart(database, now));
  }
  return deletedTotal;
}

/**
 * The enterprises that have such a row. Row-level security shows the operator one enterprise at a time, so the
 * statement enters each in turn: it must not sort between entering an enterprise and reading its rows.
 */
async function enterprisesWith(operator: OperatorPool, expired: Sql): Promise<string[]> {
  const enterprises = await operator.many(sql<{ id: string }>`
    select entered.id from enterprises e
    cross join lateral (select set_config('clientele.enterprise_id', e.id, true) as id) entered
    cross join lateral (${expired} limit 1) expired`);
  return enterprises.map(({ id }) => id);
}

/** Purges at the start and every hour. A purge that fails does not hold up the others. */
export const purgeJob = (
  operator: OperatorPool,
  purges: Readonly<Record<PurgeKind, Purge>>,
  log: Logger,
): PeriodicJob => ({
  kind: "purge",
  everyMs,
  deadlineMs: 600_000,
  runsAt: "start",
  async run(signal) {
    for (const [of, rows] of Object.entries(purges)) {
      await purge(operator, rows, new Date(), signal).then(
        (deleted) => log.info({ event: "purged", of, deleted }, "purged"),
        (error) => log.warn({ event: "purge-failed", of, cause: causeOf(error) }, "purge failed"),
      );
    }
  },
});
