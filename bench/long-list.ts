import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { type Figure, kept, median } from "./report.ts";
import type { Running, Stage } from "./stage.ts";

const rounds = 9;
const rowsAList = 10_000;
const mib = 1024 * 1024;

/** A list of 10,000 customers, against reading the same rows through the driver; and what it takes of memory. */
export async function measureLongList(stage: Stage): Promise<Figure[]> {
  const { superuser, enterpriseId, service } = stage;
  const read = () =>
    superuser.query({
      name: "long list",
      rowMode: "array",
      text: `select id, external_id, values, tag_ids, total_bookings, created_at, updated_at, version
             from customers where enterprise_id = $1 order by first_name_key, id limit ${rowsAList}`,
      values: [enterpriseId],
      types: { getTypeParser: () => (text: string) => text },
    } as never);
  const list = async () => {
    const answer = await fetch(`${service.url}/v1/enterprise-customers?limit=${rowsAList}`, {
      headers: { authorization: `Bearer ${service.token}` },
    });
    let bytes = 0;
    for await (const chunk of answer.body!) bytes += chunk.length;
    if (answer.status !== 200) throw new Error(`The list answered ${answer.status}.`);
    return bytes;
  };
  for (let round = 0; round < 3; round++) {
    await list();
    await read();
  }
  const before = await residentBytes(service);
  const peak = watchPeak(service);
  const pairs: [number, number][] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    bytes = await list();
    const between = performance.now();
    await read();
    pairs.push([between - start, performance.now() - between]);
  }
  const grownMib = ((await peak()) - before) / mib;
  const ratio = median(pairs.map(([one, other]) => one / other));
  return [
    {
      what: `list of ${rowsAList}, ${(bytes / mib).toFixed(1)} MiB`,
      ours: `${Math.round(median(pairs.map(([one]) => one)))} ms`,
      limit: `${Math.round(median(pairs.map(([, other]) => other)))} ms to read the rows`,
      ratio: ratio.toFixed(2),
      promised: kept("≤ 1.6", ratio <= 1.6),
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
