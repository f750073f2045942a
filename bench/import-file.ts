import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { importRows } from "./customers.ts";
import { watchPeak } from "./memory.ts";
import { type Figure, percentile, verdict } from "./report.ts";
import { type Running, run, type Stage } from "./stage.ts";

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
 * A file of a million new customers as a job, from its first byte to its last row; then the same file again, of
 * which nothing is new. The limit is COPY of the very rows into copies of the tables with their indexes.
 */
export async function measureImportFile(stage: Stage): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "clientele-bench-file-"));
  const path = join(folder, "customers.csv");
  await writeCustomers(path, firstRow, rows);
  const { size } = await stat(path);

  // One that has loaded nothing: another one would have memory to spare, and hide what an import takes. One before it
  // has read the program, which the service does at its first start.
  const { process: reader } = await run("service-with-imports.ts", stage.databaseUrl);
  await wait(5_000);
  reader.disconnect();
  await once(reader, "exit");
  const { token } = stage.service;
  const service = { ...(await run("service-with-imports.ts", stage.databaseUrl)), token };
  // What runs for the first time is slower than what is idle.
  await fetchTimes(stage, service, () => wait(5_000));
  const idle = await fetchTimes(stage, service, () => wait(5_000));
  const memory = watchPeak(service);
  let found = false;
  let first: Run | undefined;
  const busy = await fetchTimes(stage, service, async () => {
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
  service.process.disconnect();
  const copied = await copySeconds(stage, folder);
  const limit = copied.customers + copied.changes;
  await rm(folder, { recursive: true });

  const { seconds, job } = first!;
  const ratio = limit / seconds;
  const p99 = { idle: percentile(idle, 0.99), busy: percentile(busy, 0.99) };
  const what = `file of ${rows} new rows of 12 fields, ${Math.round(size / mib)} MiB of CSV`;
  return [
    {
      what: `${what}, ${job.created} created`,
      ours: `${Math.round(rows / seconds)} rows/s, ${Math.round(seconds)} s`,
      limit: `${Math.round(rows / limit)} rows/s by COPY of customers (${Math.round(copied.customers)} s) and changes (${Math.round(copied.changes)} s)`,
      ratio: ratio.toFixed(2),
      promised: verdict("≥ 0.5", ratio >= 0.5),
    },
    {
      what: `the same file again, ${second.job.unchanged} unchanged`,
      ours: `${Math.round(rows / second.seconds)} rows/s, ${Math.round(second.seconds)} s`,
      limit: `${Math.round(seconds)} s the first time`,
      ratio: (seconds / second.seconds).toFixed(2),
      promised: verdict("≥ 2", seconds / second.seconds >= 2),
    },
    {
      what: "memory of the service with its import thread, both imports",
      ours: `${Math.round(peakMib)} MiB resident at the peak`,
      limit: "",
      ratio: "",
      promised: verdict("< 300 MiB", peakMib < 300),
    },
    {
      what: `fetch by id while it imports, one every ${fetchEveryMs} ms, p99`,
      ours: `${p99.busy.toFixed(1)} ms (median ${percentile(busy, 0.5).toFixed(1)})`,
      limit: `${p99.idle.toFixed(1)} ms idle (median ${percentile(idle, 0.5).toFixed(1)})`,
      ratio: (p99.busy / p99.idle).toFixed(2),
      promised: verdict("≤ 3", p99.busy <= 3 * p99.idle),
    },
    {
      what: "search for a row that is applied, while the import goes on",
      ours: found ? "found" : "not found",
      limit: "",
      ratio: "",
      promised: verdict("found", found),
    },
  ];
}

/** A file of new customers, of which no two in any of the files are the same. */
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

/** Sends the file and waits for the last of its rows. */
export async function runImport(
  service: Service,
  path: string,
  sample?: (job: Job) => Promise<void>,
): Promise<Run> {
  const began = performance.now();
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
    await wait(250);
    ({ data: job } = (await get(service, `/v1/customer-imports/${job.id}`)) as { data: Job });
    process.stderr.write(`\r${job.phase} ${job.rowsRead}   `);
    await sample?.(job);
  }
  process.stderr.write("\n");
  return { seconds: (performance.now() - began) / 1000, job };
}

async function get({ url, token }: Service, path: string): Promise<unknown> {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** How long fetches take that begin at a fixed rate, however long the others take, while the work goes on. */
async function fetchTimes(stage: Stage, service: Service, work: () => Promise<unknown>): Promise<number[]> {
  const { rows: known } = await stage.superuser.query<{ id: string }>(
    "select id from customers where enterprise_id = $1 order by random() limit 200",
    [stage.enterpriseId],
  );
  const times: number[] = [];
  let round = 0;
  const underway = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const began = performance.now();
    const asked = get(service, `/v1/enterprise-customers/${known[round++ % known.length]!.id}`).then(() => {
      times.push(performance.now() - began);
      underway.delete(asked);
    });
    underway.add(asked);
  }, fetchEveryMs);
  await work();
  clearInterval(timer);
  await Promise.all(underway);
  return times;
}

/** COPY of the imported customers and of what the journal says of them, into copies of both tables. */
async function copySeconds(
  { superuser, enterpriseId }: Stage,
  folder: string,
): Promise<{ customers: number; changes: number }> {
  const seconds = { customers: 0, changes: 0 };
  for (const [table, rowsOfImport] of [
    ["customers", `enterprise_id = '${enterpriseId}' and external_id >= 'K-${firstRow}'`],
    ["changes", `enterprise_id = '${enterpriseId}' and import_id is not null`],
  ] as const) {
    const file = join(folder, table);
    await superuser.query(`create table ${table}_copy (like ${table} including all)`);
    // As the tables were before the import.
    await superuser.query(`insert into ${table}_copy select * from ${table} where not (${rowsOfImport})`);
    await superuser.query(`vacuum (analyze) ${table}_copy`);
    await pipeline(
      superuser.query(copyTo(`copy (select * from ${table} where ${rowsOfImport}) to stdout`)),
      createWriteStream(file),
    );
    await superuser.query("checkpoint");
    const began = performance.now();
    await pipeline(createReadStream(file), superuser.query(copyFrom(`copy ${table}_copy from stdin`)));
    seconds[table] = (performance.now() - began) / 1000;
    await superuser.query(`drop table ${table}_copy`);
  }
  return seconds;
}
