import { type Sql, sql } from "../database/sql.ts";
import type { PeriodicKind, PurgeKind } from "./job-kinds.ts";

/**
 * A condition that holds for one transaction at a time: of several processes that begin the same work, the others find
 * nothing to do instead of waiting for each other's rows.
 */
export const isOnlyRun = (of: PeriodicKind | PurgeKind): Sql =>
  sql`(select pg_try_advisory_xact_lock(hashtextextended(${of}, 3)))`;
