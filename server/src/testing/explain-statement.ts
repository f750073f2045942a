import { preferIndexOrder } from "../customers/list/statements.ts";
import { readingAs } from "../database/as-enterprise.ts";
import type { ServicePool } from "../database/pools.ts";
import { sql, unnamed } from "../database/sql.ts";

/** A node of a plan, as EXPLAIN's JSON names its properties. */
export type PlanNode = Readonly<Record<string, unknown>> & { readonly Plans?: readonly PlanNode[] };

export type ExplainedStatement = {
  /** Pages of tables and indexes that the statement read, cached or not. */
  buffers: number;
  rows: number;
  nodes: readonly PlanNode[];
};

/** Runs a statement of a list as the service does, within the enterprise, and returns its plan. */
export async function explainStatement(
  pool: ServicePool,
  enterpriseId: string,
  { text, values }: { text: string; values: readonly unknown[] },
): Promise<ExplainedStatement> {
  const database = readingAs(pool, { enterpriseId, kind: "operator" });
  const explain = { ...unnamed(sql``), text: `explain (analyze, buffers, format json) ${text}`, values };
  const [, [row]] = await database.batch([
    preferIndexOrder,
    explain as ReturnType<typeof unnamed<{ "QUERY PLAN": [{ Plan: PlanNode }] }>>,
  ]);
  const plan = row!["QUERY PLAN"][0].Plan;
  const nodes: PlanNode[] = [];
  const visit = (node: PlanNode) => {
    nodes.push(node);
    node.Plans?.forEach(visit);
  };
  visit(plan);
  return {
    buffers: Number(plan["Shared Hit Blocks"]) + Number(plan["Shared Read Blocks"]),
    rows: Number(plan["Actual Rows"]),
    nodes,
  };
}
