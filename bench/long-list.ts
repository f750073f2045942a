import { readFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { performance } from "node:perf_hooks";
import { type Figure, kept, median } from "./report.ts";
import type { Running, Stage } from "./stage.ts";

const rounds = 9;
const rowsAList = 10_000;
const mib = 1024 * 1024;
const agent = new Agent({ keepAlive: true });

/** A list of 10,000 customers, against reading the same rows through the driver; and what it takes of memory. */
export async function measureLongList(stage: Stage): Promise<Figure[]> {
  const { superuser, enterpriseId, service } = stage;
  const text = `select id, external_id, values, tag_ids, total_bookings, created_at, updated_at, version
    from customers where enterprise_id = $1 order by first_name_key, id limit ${rowsAList}`;
  const read = () => superuser.query({ name: "long list", text, values: [enterpriseId] });
  const readAsText = () =>
    superuser.query({
      name: "long list",
      rowMode: "array",
      text,
      values: [enterpriseId],
      types: { getTypeParser: () => (value: string) => value },
    } as never);
  const list = () =>
    new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${service.token}` };
      get(`${service.url}/v1/enterprise-customers?limit=${rowsAList}`, { headers, agent }, (answer) => {
        let bytes = 0;
        answer.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
        });
        answer.on("end", () =>
          answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`It answered ${answer.statusCode}.`)),
        );
      }).on("error", reject);
    });
  for (let round = 0; round < 3; round++) {
    await list();
    await read();
    await readAsText();
  }
  const before = await residentBytes(service);
  const peak = watchPeak(service);
  const times: { list: number; read: number; text: number }[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    bytes = await list();
    const listed = performance.now();
    await read();
    const wasRead = performance.now();
    await readAsText();
    times.push({ list: listed - start, read: wasRead - listed, text: performance.now() - wasRead });
  }
  agent.destroy();
  const grownMib = ((await peak()) - before) / mib;
  const what = `list of ${rowsAList}, ${(bytes / mib).toFixed(1)} MiB`;
  const ours = `${Math.round(median(times.map((it) => it.list)))} ms`;
  const ratio = median(times.map((it) => it.list / it.read));
  return [
    {
      what,
      ours,
      limit: `${Math.round(median(times.map((it) => it.read)))} ms to read the rows as the driver gives them`,
      ratio: ratio.toFixed(2),
      promised: kept("≤ 1.6", ratio <= 1.6),
    },
    {
      what,
      ours,
      limit: `${Math.round(median(times.map((it) => it.text)))} ms to read them as bare text, nothing parsed`,
      ratio: median(times.map((it) => it.list / it.text)).toFixed(2),
      promised: "",
    },
    {
      what: `memory while it lists ${rowsAList}, ${rounds} times`,
      ours: `${grownMib.toFixed(0)} MiB more at the peak`,
      limit: `${(before / mib).toFixed(0)} MiB resident before`,
      ratio: "",
      promised: kept("< 50 MiB more", grownMib < 50),
    },
  ];
}

async function residentBytes({ process: { pid } }: Running): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}

/** Looks every few milliseconds. Call the answer for the highest seen so far. */
function watchPeak(running: Running): () => Promise<number> {
  let highest = 0;
  const look = async () => {
    highest = Math.max(highest, await residentBytes(running));
  };
  const timer = setInterval(() => void look(), 5);
  return async () => {
    clearInterval(timer);
    await look();
    return highest;
  };
}
