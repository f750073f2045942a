import type pg from "pg";
import type { Purge } from "../jobs/purge.ts";
import { openAccounts } from "./accounts.ts";

/** Sessions, links and half sign-ins that are over. */
export const people = (pool: pg.Pool): Purge => ({
  of: "sign-ins",
  all: (_operator, now) => openAccounts(pool).purge(now),
});
