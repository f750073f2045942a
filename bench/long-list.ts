import { Agent, get } from "node:http";
import { performance } from "node:perf_hooks";
import { residentBytes, watchPeak } from "./memory.ts";
import { type Figure, median, verdict } from "./report.ts";
import { run, type Stage } from "./stage.ts";

const rounds = 9;
const roundsInARow = 20;
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
  const list = (url = service.url, limit = rowsAList) =>
    new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${service.token}` };
      get(`${url}/v1/enterprise-customers?limit=${limit}`, { headers, agent }, (answer) => {
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
  // In a service that has loaded nothing: one that has has memory to spare, and would hide what a list takes.
  const fresh = await run("service.ts", stage.databaseUrl);
  for (let round = 0; round < 200; round++) await list(fresh.url, 50);
  const before = await residentBytes(fresh);
  const peak = watchPeak(fresh);
  await list(fresh.url);
  const grownMib = ((await peak.highest()) - before) / mib;
  for (let round = 1; round < roundsInARow; round++) await list(fresh.url);
  const grownInARowMib = ((await peak.highest()) - before) / mib;
  peak.stop();
  fresh.process.disconnect();
  agent.destroy();
  const what = `list of ${rowsAList}, ${(bytes / mib).toFixed(1)} MiB`;
  const ours = `${Math.round(median(times.map((time) => time.list)))} ms`;
  const ratio = median(times.map((time) => time.list / time.read));
  return [
    {
      what,
      ours,
      limit: `${Math.round(median(times.map((time) => time.read)))} ms to read the rows as the driver gives them`,
      ratio: ratio.toFixed(2),
      promised: verdict("≤ 1.6", ratio <= 1.6),
    },
    {
      what,
      ours,
      limit: `${Math.round(median(times.map((time) => time.text)))} ms to read them as bare text, nothing parsed`,
      ratio: median(times.map((time) => time.list / time.text)).toFixed(2),
      promised: "",
    },
    {
      what: `memory of one list of ${rowsAList}`,
      ours: `${grownMib.toFixed(0)} MiB more at the peak`,
      limit: `${(before / mib).toFixed(0)} MiB resident before`,
      ratio: "",
      promised: verdict("< 50 MiB more", grownMib < 50),
    },
    {
      what: `memory of ${roundsInARow} of them in a row`,
      ours: `${grownInARowMib.toFixed(0)} MiB more at the peak`,
      limit: "",
      ratio: "",
      promised: verdict("< 50 MiB more", grownInARowMib < 50),
    },
  ];
}
