import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { enterpriseKeyOf } from "../server/src/database/id-codec.ts";
import { importRows } from "./customers.ts";
import { type Environment, end, type Running, run } from "./environment.ts";
import { watchPeak } from "./memory.ts";
import { assess, type Figure, percentile } from "./report.ts";

const rows = Number(process.env["BENCH_IMPORT_ROWS"] ?? 1_000_000);
const firstRow = 10_000_000;
const mib = 1024 * 1024;
const fetchEveryMs = 20;

type Job = {
  id: string;
  phase: string;
  rowsRead: number;
  created: number;
  unchanged: number;
  failed: number;
};

/**
 * Imports a file of a million new customers as a job, from its first byte to its last row, then the same file again.
 * The baseline is COPY of the same rows into copies of the tables with their indexes.
 */
export async function measureImportFile(environment: Environment): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "clientele-bench-file-"));
  const path = join(folder, "customers.csv");
  await writeCustomers(path, firstRow, rows);
  const { size } = await stat(path);

  // A fresh service, because free heap would hide the memory of an import. The first start fills the compile cache.
  const reader = await run("service-with-imports.ts", environment.databaseUrl);
  await wait(5_000);
  await end(reader);
  const { token } = environment.service;
  const service = { ...(await run("service-with-imports.ts", environment.databaseUrl)), token };
  // Warms up the code: the first requests are slower.
  await fetchTimes(environment, service, () => wait(5_000));
  const idle = await fetchTimes(environment, service, () => wait(5_000));
  const memory = watchPeak(service);
  let found = false;
  let first: Run | undefined;
  const busy = await fetchTimes(environment, service, async () => {
    first = await runImport(service, path, async ({ rowsRead }) => {
      if (found || rowsRead === 0) return;
      const answer = (await get(service, `/v1/enterprise-customers?q=K-${firstRow}&count=none`)) as {
        data: unknown[];
      };
      found = answer.data.length === 1;
    });
  });
  const second = await runImport(service, path);
  const peakMib = (await memory.highest()) / mib;
  memory.stop();
  await end(service);
  const copied = await copySeconds(environment, folder);
  const baseline = copied.customers + copied.changes;
  await rm(folder, { recursive: true });

  const { seconds, job } = first!;
  const ratio = baseline / seconds;
  const p99 = { idle: percentile(idle, 0.99), busy: percentile(busy, 0.99) };
  const measurement = `file of ${rows} new rows of 12 fields, ${Math.round(size / mib)} MiB of CSV`;
  return [
    {
      measurement: `${measurement}, ${job.created} created`,
      result: `${Math.round(rows / seconds)} rows/s, ${Math.round(seconds)} s`,
      baseline: `${Math.round(rows / baseline)} rows/s by COPY of customers (${Math.round(copied.customers)} s) and changes (${Math.round(copied.changes)} s)`,
      ratio: ratio.toFixed(2),
      target: assess("≥ 0.5", ratio >= 0.5),
    },
    {
      measurement: `the same file again, ${second.job.unchanged} unchanged`,
      result: `${Math.round(rows / second.seconds)} rows/s, ${Math.round(second.seconds)} s`,
      baseline: `${Math.round(seconds)} s the first time`,
      ratio: (seconds / second.seconds).toFixed(2),
      target: assess("≥ 2", seconds / second.seconds >= 2),
    },
    {
      measurement: "memory of the service with its import thread, both imports",
      result: `${Math.round(peakMib)} MiB resident at the peak`,
      baseline: "",
      ratio: "",
      target: assess("< 300 MiB", peakMib < 300),
    },
    {
      measurement: `fetch by id while it imports, one every ${fetchEveryMs} ms, p99`,
      result: `${p99.busy.toFixed(1)} ms (median ${percentile(busy, 0.5).toFixed(1)})`,
      baseline: `${p99.idle.toFixed(1)} ms idle (median ${percentile(idle, 0.5).toFixed(1)})`,
      ratio: (p99.busy / p99.idle).toFixed(2),
      target: assess("≤ 3", p99.busy <= 3 * p99.idle),
    },
    {
      measurement: "search for a row that is applied, while the import goes on",
      result: found ? "found" : "not found",
      baseline: "",
      ratio: "",
      target: assess("found", found),
    },
  ];
}

/** Writes a file of new customers; all rows of all files are different. */
export const writeCustomers = (path: string, first: number, count: number): Promise<void> =>
  pipeline(Readable.from(linesOf(first, count)), createWriteStream(path));

async function* linesOf(first: number, count: number): AsyncGenerator<string> {
  const names = Object.keys(importRows(0, 1)[0]!.values);
  yield `external_id,${names.join(",")}\r\n`;
  const rowsPerChunk = 1_000;
  for (let from = 0; from < count; from += rowsPerChunk) {
    const chunk = importRows(first + from, Math.min(rowsPerChunk, count - from));
    yield chunk
      .map(({ external_id, values }) =>
        [external_id, ...names.map((name) => values[name]!)].map(quoted).join(","),
      )
      .join("\r\n")
      .concat("\r\n");
  }
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

type Service = Running & { token: string };
type Run = { seconds: number; job: Job };

/** Uploads the file and waits until the import is completed. */
export async function runImport(
  service: Service,
  path: string,
  onPoll?: (job: Job) => Promise<void>,
  pollMs = 250,
): Promise<Run> {
  const startedAt = performance.now();
  const { url, token } = service;
  const answer = await fetch(`${url}/v1/customer-imports?again=1`, {
    method: "POST",
    headers: { "content-type": "text/csv", authorization: `Bearer ${token}` },
    body: Readable.toWeb(createReadStream(path)) as ReadableStream,
    duplex: "half",
  } as RequestInit);
  let { data: job } = (await answer.json()) as { data: Job };
  while (job.phase !== "completed") {
    if (job.phase === "failed") throw new Error(`The import failed: ${JSON.stringify(job)}`);
    await wait(pollMs);
    ({ data: job } = (await get(service, `/v1/customer-imports/${job.id}`)) as { data: Job });
    process.stderr.write(`\r${job.phase} ${job.rowsRead}   `);
    await onPoll?.(job);
  }
  process.stderr.write("\n");
  return { seconds: (performance.now() - startedAt) / 1000, job };
}

async function get({ url, token }: Service, path: string): Promise<unknown> {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Durations in ms of fetches that start at a fixed rate, regardless of earlier ones, while `work` runs. */
async function fetchTimes(
  environment: Environment,
  service: Service,
  work: () => Promise<unknown>,
): Promise<number[]> {
  const { rows: customers } = await environment.superuser.query<{ id: string }>(
    "select id from customers where enterprise_id = $1 order by random() limit 200",
    [environment.enterpriseId],
  );
  const times: number[] = [];
  let round = 0;
  const pending = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const startedAt = performance.now();
    const request = get(
      service,
      `/v1/enterprise-customers/${customers[round++ % customers.length]!.id}`,
    ).then(() => {
      times.push(performance.now() - startedAt);
      pending.delete(request);
    });
    pending.add(request);
  }, fetchEveryMs);
  await work();
  clearInterval(timer);
  await Promise.all(pending);
  return times;
}

/** Measures COPY of the imported customers and their journal rows into copies of both tables. */
async function copySeconds(
  { superuser, enterpriseId }: Environment,
  folder: string,
): Promise<{ customers: number; changes: number }> {
  const seconds = { customers: 0, changes: 0 };
  for (const [table, rowsOfImport] of [
    ["customers", `enterprise_id = ${enterpriseKeyOf(enterpriseId)} and external_id >= 'K-${firstRow}'`],
    ["changes", `enterprise_id = ${enterpriseKeyOf(enterpriseId)} and import_id is not null`],
  ] as const) {
    const file = join(folder, table);
    await superuser.query(`create table ${table}_copy (like ${table} including all)`);
    // The state of the tables before the import.
    await superuser.query(`insert into ${table}_copy select * from ${table} where not (${rowsOfImport})`);
    await superuser.query(`vacuum (analyze) ${table}_copy`);
    await pipeline(
      superuser.query(copyTo(`copy (select * from ${table} where ${rowsOfImport}) to stdout`)),
      createWriteStream(file),
    );
    await superuser.query("checkpoint");
    const startedAt = performance.now();
    await pipeline(createReadStream(file), superuser.query(copyFrom(`copy ${table}_copy from stdin`)));
    seconds[table] = (performance.now() - startedAt) / 1000;
    await superuser.query(`drop table ${table}_copy`);
  }
  return seconds;
}
