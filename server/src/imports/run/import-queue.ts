import { sql } from "../../database/sql.ts";
import type { QueueDefinition } from "../../jobs/queue-loop.ts";
import { type ImportContext, runImport } from "./import-loop.ts";

/** More at once would compete with requests for the database. */
export const importsAtOnce = 2;

/**
 * Imports that are not over. Each step verifies the import's phase and position, so correctness does not depend on the
 * lease.
 * @param onWritten is called when the journal of an enterprise has grown.
 */
export const importQueue = (
  context: ImportContext,
  onWritten: (enterpriseId: string) => void = () => undefined,
): QueueDefinition<"imports"> => ({
  kind: "import",
  table: "import_queue",
  id: "import",
  orderBy: "queued_at",
  leaseSeconds: 5,
  isFair: true,
  concurrency: { imports: importsAtOnce },
  isInLane: () => sql`true`,
  isDue: () => sql`q.leased_until is null`,
  whenTaken: [],
  whenReleased: ({ afterMs }) => [
    sql`leased_until = clock_timestamp() + make_interval(secs => ${(afterMs ?? 0) / 1_000})`,
  ],
  isComplete: sql`true`,
  async process({ enterpriseId, id }, { stopping, cut }) {
    const signal = AbortSignal.any([stopping, cut]);
    try {
      await runImport(context, { enterpriseId, importId: id }, signal);
    } finally {
      onWritten(enterpriseId);
    }
    return signal.aborted ? { afterMs: 0 } : null;
  },
});
