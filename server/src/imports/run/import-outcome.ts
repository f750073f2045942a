import type { Call } from "../../call.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { appendFrom } from "../../journal/append.ts";
import { becomePlan, finish, type Job, type StoredProblem } from "../job/store.ts";
import { forgetPlanned } from "./planned-customers.ts";

/**
 * The statements that end an import: it is final, what a plan was made with is gone, and the journal says how many
 * customers it has written, unless it was to write none.
 */
export function ending(
  call: Call,
  { id, kind, phase: last }: Pick<Job, "id" | "kind" | "phase">,
  phase: "completed" | "failed" | "cancelled",
  problem: StoredProblem | null = null,
): Sql[] {
  const { enterpriseId } = call.database;
  const ended = sql`(
    select id as "subjectId", 'completed' as kind, 0 as version, null::integer as "importLine", null::jsonb as before,
      jsonb_build_object('phase', phase, 'created', created, 'updated', updated, 'unchanged', unchanged,
        'deleted', deleted, 'failed', failed) as after
    from customer_imports where enterprise_id = ${enterpriseId} and id = ${id} and not dry_run) as ended`;
  return [
    // Whatever has come no further than its plan has written nothing: its counts are what would have been.
    ...(last === "planning" ? [becomePlan(enterpriseId, id)] : []),
    finish(enterpriseId, id, phase, call.now, problem),
    ...forgetPlanned(enterpriseId, id),
    appendFrom(call, "import", kind, ended, id),
  ];
}
