import type { Call } from "../../call.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { appendFrom } from "../../journal/append.ts";
import { finish, type Job, markAsPlan, type StoredProblem } from "../job/store.ts";
import { deletePlanned } from "./planned-customers.ts";

/**
 * The statements that end an import: they set the final phase, delete the planning tables' rows and, unless it was a dry
 * run, append the counts to the journal.
 */
export function endImport(
  call: Call,
  { id, kind, phase: phaseBefore }: Pick<Job, "id" | "kind" | "phase">,
  phase: "completed" | "failed" | "cancelled",
  problem: StoredProblem | null = null,
): Sql[] {
  const { enterpriseId } = call.database;
  const ended = sql`
    select id as "subjectId", 'completed' as kind, 0 as version, null::integer as "importLine", null::jsonb as before,
      jsonb_build_object('phase', phase, 'created', created, 'updated', updated, 'unchanged', unchanged,
        'deleted', deleted, 'failed', failed) as after
    from customer_imports where enterprise_id = ${enterpriseId} and id = ${id} and not dry_run`;
  return [
    // An import that ends in its planning has written nothing: its counts are those of a plan.
    ...(phaseBefore === "planning" ? [markAsPlan(enterpriseId, id)] : []),
    finish(enterpriseId, id, phase, call.now, problem),
    ...deletePlanned(enterpriseId, id),
    sql`with ended as (${ended}), ${appendFrom(
      call,
      "import",
      kind,
      { rows: sql`ended`, count: sql`select count(*) from ended` },
      id,
    )}`,
  ];
}
