import type { Stage } from "./stage.ts";

/** The plan of a statement as the service's role runs it inside the enterprise. */
export async function explain(
  { superuser, enterpriseId }: Stage,
  { text, values }: { text: string; values: readonly unknown[] },
): Promise<string> {
  await superuser.query("begin");
  await superuser.query("select set_config('clientele.enterprise_id', $1, true)", [enterpriseId]);
  await superuser.query("set local role clientele_service");
  const { rows } = await superuser.query<{ "QUERY PLAN": string }>(
    `explain (analyze, costs off, timing off, buffers off, summary off) ${text}`,
    [...values],
  );
  await superuser.query("rollback");
  return rows
    .map((row) => row["QUERY PLAN"])
    .join("\n")
    .replaceAll(enterpriseId, "<enterprise>");
}
