import autocannon from "autocannon";
import { enterpriseKeyOf, uuidOf } from "../server/src/database/id-codec.ts";
import type { Environment } from "./environment.ts";
import { assess, type Figure, median } from "./report.ts";

const rounds = 5;
const secondsPerRound = 4;
const connections = 16;

/** Requests per second of fetch by id and a list of 50, alternately for the service and the baseline. */
export async function measureThroughput(environment: Environment): Promise<Figure[]> {
  const { rows } = await environment.superuser.query<{ id: string }>(
    "select id from customers where enterprise_id = $1 order by random() limit 1000",
    [environment.enterpriseId],
  );
  const ids = rows.map(({ id }) => id);
  const { enterpriseId, service, baseline } = environment;
  const key = enterpriseKeyOf(enterpriseId);
  return [
    await compare(
      "fetch by id",
      { ...service, paths: ids.map((id) => `/v1/enterprise-customers/${id}`) },
      { ...baseline, paths: ids.map((id) => `/fetch/${key}/${uuidOf(id)}`) },
    ),
    await compare(
      "list of 50",
      { ...service, paths: ["/v1/enterprise-customers?limit=50"] },
      { ...baseline, paths: [`/list/${key}/50`] },
    ),
  ];
}

type Target = { url: string; token?: string; paths: readonly string[] };

async function compare(measurement: string, ours: Target, baseline: Target): Promise<Figure> {
  await load(ours, 2);
  await load(baseline, 2);
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push([await load(ours, secondsPerRound), await load(baseline, secondsPerRound)]);
  }
  const ratio = median(pairs.map(([one, other]) => one / other));
  return {
    measurement: `${measurement}, ${connections} connections`,
    result: `${Math.round(median(pairs.map(([one]) => one)))} /s`,
    baseline: `${Math.round(median(pairs.map(([, other]) => other)))} /s`,
    ratio: ratio.toFixed(2),
    target: assess("≥ 0.6", ratio >= 0.6),
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
