import { Agent, get } from "node:http";
import { performance } from "node:perf_hooks";
import { inOrder } from "./baseline-sql.ts";
import { type Environment, end, run } from "./environment.ts";
import { residentBytes, watchPeak } from "./memory.ts";
import { assess, type Figure, median } from "./report.ts";

const rounds = 9;
const roundsInARow = 20;
const rowsPerList = 10_000;
const mib = 1024 * 1024;
const agent = new Agent({ keepAlive: true });

/** A list of 10,000 customers compared with reading the same rows through the driver, and its memory use. */
export async function measureLongList(environment: Environment): Promise<Figure[]> {
  const { superuser, enterpriseId, service } = environment;
  const text = inOrder("$1", String(rowsPerList));
  const read = () => superuser.query({ name: "long list", text, values: [enterpriseId] });
  const readAsText = () =>
    superuser.query({
      name: "long list",
      rowMode: "array",
      text,
      values: [enterpriseId],
      types: { getTypeParser: () => (value: string) => value },
    } as never);
  const list = (url = service.url, limit = rowsPerList) =>
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
  // In a fresh service: one that has loaded customers has free heap, which would hide the memory of a list.
  const fresh = await run("service.ts", environment.databaseUrl);
  for (let round = 0; round < 200; round++) await list(fresh.url, 50);
  const before = await residentBytes(fresh);
  const peak = watchPeak(fresh);
  await list(fresh.url);
  const grownMib = ((await peak.highest()) - before) / mib;
  for (let round = 1; round < roundsInARow; round++) await list(fresh.url);
  const grownInARowMib = ((await peak.highest()) - before) / mib;
  peak.stop();
  await end(fresh);
  agent.destroy();
  const what = `list of ${rowsPerList}, ${(bytes / mib).toFixed(1)} MiB`;
  const ours = `${Math.round(median(times.map((it) => it.list)))} ms`;
  const ratio = median(times.map((it) => it.list / it.read));
  return [
    {
      measurement: what,
      result: ours,
      baseline: `${Math.round(median(times.map((it) => it.read)))} ms to read the rows as the driver gives them`,
      ratio: ratio.toFixed(2),
      target: assess("≤ 1.6", ratio <= 1.6),
    },
    {
      measurement: what,
      result: ours,
      baseline: `${Math.round(median(times.map((it) => it.text)))} ms to read them as bare text, nothing parsed`,
      ratio: median(times.map((it) => it.list / it.text)).toFixed(2),
      target: "",
    },
    {
      measurement: `memory of one list of ${rowsPerList}`,
      result: `${grownMib.toFixed(0)} MiB more at the peak`,
      baseline: `${(before / mib).toFixed(0)} MiB resident before`,
      ratio: "",
      target: assess("< 50 MiB more", grownMib < 50),
    },
    {
      measurement: `memory of ${roundsInARow} of them in a row`,
      result: `${grownInARowMib.toFixed(0)} MiB more at the peak`,
      baseline: "",
      ratio: "",
      target: assess("< 50 MiB more", grownInARowMib < 50),
    },
  ];
}
