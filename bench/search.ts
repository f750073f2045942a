import { performance } from "node:perf_hooks";
import { searchTermPrefix } from "../server/src/customers/derived/derive.ts";
import { enterpriseKeyOf } from "../server/src/database/id-codec.ts";
import { rowsOf } from "./baseline-sql.ts";
import type { Environment } from "./environment.ts";
import { type Figure, median, percentile } from "./report.ts";

const rounds = 15;

/** Typical queries, from frequent letters to rare names. */
export const searches = [
  "m",
  "mü",
  "müller",
  "mueller",
  "müller12",
  "mü th",
  "anna köhler",
  "customer.77",
  "0151",
  "+49 151 2",
  "1234",
  "K-4711",
  "berlin gmbh",
  "qqqq",
];

/** The first 50 results of each query, with and without the exact total; the baseline is the plain SELECT without row-level security. */
export async function measureSearch(environment: Environment): Promise<Figure[]> {
  const { superuser, enterpriseId, service } = environment;
  const figures: Figure[] = [];
  for (const q of searches) {
    const ask = async (count: string) => {
      const start = performance.now();
      const query = new URLSearchParams({ q, limit: "50", count });
      const answer = await fetch(`${service.url}/v1/enterprise-customers?${query}`, {
        headers: { authorization: `Bearer ${service.token}` },
      });
      const { total } = (await answer.json()) as { total: number | null };
      return { ms: performance.now() - start, total };
    };
    const words = q
      .toLowerCase()
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .split(/[^\p{L}\p{N}]+/u);
    const bare = async () => {
      const start = performance.now();
      const query = words
        .filter((word) => word !== "")
        .map((word) => `'${searchTermPrefix(enterpriseId)}${word}':*`)
        .join(" & ");
      await superuser.query(
        rowsOf(
          `select * from customers where enterprise_id = ${enterpriseKeyOf(enterpriseId)} and search @@ $1::tsquery
           order by first_name_key, last_name_key, id limit 50`,
        ),
        [query],
      );
      return performance.now() - start;
    };
    const exact: number[] = [];
    const none: number[] = [];
    const baseline: number[] = [];
    let total: number | null = null;
    for (let round = 0; round < rounds; round++) {
      const counted = await ask("exact");
      total = counted.total;
      exact.push(counted.ms);
      none.push((await ask("none")).ms);
      baseline.push(await bare());
    }
    figures.push({
      measurement: `search \`${q}\`, ${total} found`,
      result: `${median(exact).toFixed(1)} ms with the total (p95 ${percentile(exact, 0.95).toFixed(1)}), ${median(none).toFixed(1)} ms without`,
      baseline: `${median(baseline).toFixed(1)} ms, no total`,
      ratio: (median(none) / median(baseline)).toFixed(2),
      target: "",
    });
  }
  return figures;
}
