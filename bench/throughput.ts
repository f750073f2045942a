import autocannon from "autocannon";
import { type Figure, median, verdict } from "./report.ts";
import type { Stage } from "./stage.ts";

const rounds = 5;
const secondsARound = 4;
const connections = 16;

/** Fetch by id and a list of 50, requests a second, ours and the limit in turn. */
export async function measureThroughput(stage: Stage): Promise<Figure[]> {
  const { rows } = await stage.superuser.query<{ id: string }>(
    "select id from customers where enterprise_id = $1 order by random() limit 1000",
    [stage.enterpriseId],
  );
  const ids = rows.map(({ id }) => id);
  const { enterpriseId, service, limit } = stage;
  return [
    await compare(
      "fetch by id",
      { ...service, paths: ids.map((id) => `/v1/enterprise-customers/${id}`) },
      { ...limit, paths: ids.map((id) => `/fetch/${enterpriseId}/${id}`) },
    ),
    await compare(
      "list of 50",
      { ...service, paths: ["/v1/enterprise-customers?limit=50"] },
      { ...limit, paths: [`/list/${enterpriseId}/50`] },
    ),
  ];
}

type Target = { url: string; token?: string; paths: readonly string[] };

async function compare(what: string, ours: Target, limit: Target): Promise<Figure> {
  await load(ours, 2);
  await load(limit, 2);
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push([await load(ours, secondsARound), await load(limit, secondsARound)]);
  }
  const ratio = median(pairs.map(([one, other]) => one / other));
  return {
    what: `${what}, ${connections} connections`,
    ours: `${Math.round(median(pairs.map(([one]) => one)))} /s`,
    limit: `${Math.round(median(pairs.map(([, other]) => other)))} /s`,
    ratio: ratio.toFixed(2),
    promised: verdict("≥ 0.6", ratio >= 0.6),
  };
}

async function load({ url, token, paths }: Target, seconds: number): Promise<number> {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: paths.map((path) => ({ method: "GET" as const, path, headers })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return result.requests.average;
}
