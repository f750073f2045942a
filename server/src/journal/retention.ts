import { sql } from "../database/sql.ts";
import type { Purge } from "../jobs/purge.ts";

/**
 * Creates the next monthly partitions of the journal and drops those that lie wholly before the retention period; null
 * keeps all. Dropped changes are missing from histories and cannot be undone or restored.
 */
export const journalPurge = (retentionDays: number | null): Purge => ({
  async deletePart({ operator }, now) {
    const since = retentionDays === null ? null : new Date(now.getTime() - retentionDays * 86_400_000);
    const { dropped } = await operator.one(
      sql<{ dropped: number }>`select keep_changes(${since?.toISOString().slice(0, 10) ?? null}) as dropped`,
    );
    return dropped;
  },
});
