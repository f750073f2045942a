import { enterpriseKeyOf } from "../server/src/database/id-codec.ts";
import type { Environment } from "./environment.ts";

/** Returns the plan of a statement, run as the service's role within the enterprise. */
export async function explain(
  { superuser, enterpriseId }: Environment,
  { text, values }: { text: string; values: readonly unknown[] },
): Promise<string> {
  await superuser.query("begin");
  await superuser.query("select set_config('clientele.enterprise_id', $1::bigint::text, true)", [
    enterpriseId,
  ]);
  await superuser.query("set local role clientele_service");
  const { rows } = await superuser.query<{ "QUERY PLAN": string }>(
    `explain (analyze, costs off, timing off, buffers off, summary off) ${text}`,
    [...values],
  );
  await superuser.query("rollback");
  return rows
    .map((row) => row["QUERY PLAN"])
    .join("\n")
    .replaceAll(String(enterpriseKeyOf(enterpriseId)), "<enterprise>");
}
