import type { TestDatabase } from "./test-database.ts";

/** Lets every change count as visible at its time, as in a test that has no transactions in flight. */
export const changesAreVisible = ({ admin }: TestDatabase): Promise<unknown> =>
  admin.query("update positions set settled_at = '-infinity', settled_until = 'infinity'");
