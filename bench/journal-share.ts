import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, end, run } from "./environment.ts";
import { runImport, writeCustomers } from "./import-file.ts";
import { assess, type Figure, median } from "./report.ts";

const rows = Number(process.env["BENCH_SHARE_ROWS"] ?? 100_000);
const rounds = 3;
const firstRow = 50_000_000;

/**
 * Measures the journal's share of an import: alternately imports files of new customers with the journal and into a
 * database that discards its rows. The cost of creating the rows is in both.
 */
export async function measureJournalShare(environment: Environment): Promise<Figure[]> {
  const { superuser } = environment;
  const folder = await mkdtemp(join(tmpdir(), "clientele-bench-share-"));
  const path = join(folder, "customers.csv");
  const { token } = environment.service;
  const service = { ...(await run("service-with-imports.ts", environment.databaseUrl)), token };
  const rates: { with: number[]; without: number[] } = { with: [], without: [] };
  await superuser.query(
    "create function leave_out() returns trigger language plpgsql as 'begin return null; end'",
  );
  for (let round = 0; round < 2 * rounds; round++) {
    const which = round % 2 === 0 ? "with" : "without";
    if (which === "without")
      await superuser.query(
        "create trigger left_out before insert on changes for each row execute function leave_out()",
      );
    await writeCustomers(path, firstRow + round * rows, rows);
    const { seconds } = await runImport(service, path);
    rates[which].push(rows / seconds);
    if (which === "without") await superuser.query("drop trigger left_out on changes");
  }
  await end(service);
  await rm(folder, { recursive: true });
  const ratio = median(rates.with) / median(rates.without);
  return [
    {
      measurement: `import of ${rows} new rows with the journal, ${rounds} rounds`,
      result: `${Math.round(median(rates.with))} rows/s`,
      baseline: `${Math.round(median(rates.without))} rows/s by a database that keeps none of it`,
      ratio: ratio.toFixed(2),
      target: assess("≥ 0.67", ratio >= 2 / 3),
    },
  ];
}
