import { performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { enterpriseKeyOf } from "../server/src/database/id-codec.ts";
import { importRows } from "./customers.ts";
import { type Environment, post } from "./environment.ts";
import { assess, type Figure, median } from "./report.ts";

const rounds = 5;
const rowsPerRound = 10_000;
const tables = ["customers", "customer_versions"] as const;

/** Imports 10,000 new rows, then the same rows by COPY into copies of the tables with their indexes. */
export async function measureImport(environment: Environment): Promise<Figure[]> {
  const { superuser, enterpriseId, service, customers } = environment;
  for (const table of tables) {
    await superuser.query(`create table ${table}_copy (like ${table} including all)`);
    await superuser.query(`insert into ${table}_copy select * from ${table}`);
    await superuser.query(`vacuum (analyze) ${table}_copy`);
  }
  const copied = (query: string) => buffer(superuser.query(copyTo(`copy (${query}) to stdout`)));
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const rows = importRows(customers + round * rowsPerRound, rowsPerRound);
    const body = JSON.stringify(rows);
    const ours = await seconds(() =>
      post(`${service.url}/v1/enterprise-customers/import`, body, service.token),
    );
    const externalIds = rows.map((row) => `'${row.external_id}'`).join(",");
    const ids = `select id from customers where enterprise_id = ${enterpriseKeyOf(enterpriseId)} and external_id in (${externalIds})`;
    const written: Record<(typeof tables)[number], Buffer> = {
      customers: await copied(`select * from customers where id in (${ids})`),
      customer_versions: await copied(`select * from customer_versions where customer_id in (${ids})`),
    };
    const baseline = await seconds(async () => {
      for (const table of tables)
        await pipeline(
          Readable.from([written[table]]),
          superuser.query(copyFrom(`copy ${table}_copy from stdin`)),
        );
    });
    pairs.push([rowsPerRound / ours, rowsPerRound / baseline]);
  }
  for (const table of tables) await superuser.query(`drop table ${table}_copy`);
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
