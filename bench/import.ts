import { performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { importRows } from "./customers.ts";
import { type Environment, post } from "./environment.ts";
import { assess, type Figure, median } from "./report.ts";

const rounds = 5;
const rowsPerRound = 10_000;

/** Imports 10,000 new rows, then the same rows by COPY into a copy of the table with its indexes. */
export async function measureImport(environment: Environment): Promise<Figure[]> {
  const { superuser, enterpriseId, service, customers } = environment;
  await superuser.query("create table customers_copy (like customers including all)");
  await superuser.query("insert into customers_copy select * from customers");
  await superuser.query("vacuum (analyze) customers_copy");
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const rows = importRows(customers + round * rowsPerRound, rowsPerRound);
    const body = JSON.stringify(rows);
    const ours = await seconds(() =>
      post(`${service.url}/v1/enterprise-customers/import`, body, service.token),
    );
    const externalIds = rows.map((row) => row.external_id);
    const written = await buffer(
      superuser.query(
        copyTo(
          `copy (select * from customers where enterprise_id = '${enterpriseId}'
                 and external_id in (${externalIds.map((id) => `'${id}'`).join(",")})) to stdout`,
        ),
      ),
    );
    const baseline = await seconds(() =>
      pipeline(Readable.from([written]), superuser.query(copyFrom("copy customers_copy from stdin"))),
    );
    pairs.push([rowsPerRound / ours, rowsPerRound / baseline]);
  }
  await superuser.query("drop table customers_copy");
  const ratio = median(pairs.map(([one, other]) => one / other));
  return [
    {
      measurement: `import of ${rowsPerRound} new rows of 12 fields into ${customers}`,
      result: `${Math.round(median(pairs.map(([one]) => one)))} rows/s`,
      baseline: `${Math.round(median(pairs.map(([, other]) => other)))} rows/s by COPY`,
      ratio: ratio.toFixed(2),
      target: assess("≥ 0.4", ratio >= 0.4),
    },
  ];
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
