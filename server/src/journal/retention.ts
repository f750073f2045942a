import type { Purge } from "../jobs/purge.ts";

/**
 * Makes the months of the journal that are coming, and lets go of those that lie wholly before the days that are
 * kept; null keeps all. What has gone is no longer in a history, and cannot be undone or restored.
 */
export const journal = (keptDays: number | null): Purge => ({
  of: "journal",
  async all(operator, now) {
    const since = keptDays === null ? null : new Date(now.getTime() - keptDays * 86_400_000);
    const { rows } = await operator.query<{ dropped: number }>("select keep_changes($1) as dropped", [
      since?.toISOString().slice(0, 10) ?? null,
    ]);
    return rows[0]!.dropped;
  },
});
