import type { PeoplePool } from "../database/pools.ts";
import type { Purge } from "../jobs/purge.ts";
import { openAccounts } from "./accounts.ts";

/** Deletes expired sessions, links and sign-ins that were not completed. */
export const signInPurge = (pool: PeoplePool): Purge => ({
  deletePart: (_pools, now) => openAccounts(pool).purge(now),
});
