import { afterEach, expect, test } from "vitest";
import {
  endAll,
  eventually,
  firstApp,
  hasServer,
  newInstallation,
  postmasterPid,
  type RunningService,
  startReady,
  tokenOf,
} from "../../testing/service-process.ts";

afterEach(endAll);

// On a server of one's own nobody may kill the database, and a killed service's lease runs out by itself.
const kills = hasServer ? 8 : 30;
const victims = hasServer ? ["service"] : ["service", "database", "both"];
const rowsAFile = 15_000;
const seed = Date.now();

/** mulberry32 */
function randomOf(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const rowsOf = (file: number) =>
  Array.from({ length: rowsAFile }, (_, row) => ({
    external_id: `${file}-${row}`,
    values: { firstName: `First ${row}`, lastName: `Last ${file}` },
  }));

test(`imports that are killed ${kills} times at random points apply each row once (seed ${seed})`, async () => {
  const random = randomOf(seed);
  const installation = await newInstallation();
  let service = await startReady(installation);
  const app = await firstApp(installation);
  const token = await tokenOf(service.call, app);
  const imports: string[] = [];
  const jobs = "/v1/customer-imports";
  const ask = (method: string, path: string, body?: unknown) =>
    // The database may just be coming back.
    eventually(async () => {
      const reply = await service.call(method, path, token, body);
      if (reply.status >= 500) throw new Error(`${path}: ${reply.status}`);
      expect(reply.status, JSON.stringify(reply.body).slice(0, 500)).toBeLessThan(300);
      return reply.body;
    });
  const underway = async () => {
    const { data } = await ask("GET", `${jobs}?limit=1`);
    return data[0] !== undefined && !["completed", "failed"].includes(data[0].phase);
  };

  for (let kill = 0; kill < kills; kill++) {
    if (!(await underway())) {
      const { data } = await ask("POST", jobs, { customers: rowsOf(imports.length) });
      imports.push(data.id);
    }
    await new Promise((resolve) => setTimeout(resolve, random() * 700));
    const victim = victims[Math.floor(random() * victims.length)]!;
    if (victim !== "service") {
      // One that is killed already is just coming back.
      await eventually(async () => process.kill(await postmasterPid(installation), "SIGKILL"));
    }
    if (victim !== "database") service = await killed(service);
  }

  for (const id of imports) {
    const job = await eventually(async () => {
      const { data } = await ask("GET", `${jobs}/${id}`);
      if (!["completed", "failed"].includes(data.phase)) throw new Error(data.phase);
      return data;
    });
    expect(job).toMatchObject({ phase: "completed", rowsRead: rowsAFile, created: rowsAFile, failed: 0 });
    const { data, total } = await ask("GET", `${jobs}/${id}/rows?limit=10000&page=2`);
    expect(total).toBe(rowsAFile);
    expect(data.map(({ index }: { index: number }) => index)).toEqual(
      Array.from({ length: rowsAFile - 10_000 }, (_, index) => index + 10_000),
    );
  }
  const [stored] = await installation.query(
    `select (select count(*) from clientele.customers) as customers,
       (select count(*) from clientele.changes where subject = 'customer') as changes,
       (select count(distinct subject_id) from clientele.changes where subject = 'customer') as changed,
       (select sum(customers) from clientele.customer_counts) as counted`,
    app.enterpriseId,
  );
  const all = String(imports.length * rowsAFile);
  expect(stored).toEqual({ customers: all, changes: all, changed: all, counted: all });

  async function killed({ child, ended }: RunningService): Promise<RunningService> {
    child.kill("SIGKILL");
    await ended;
    return startReady(installation);
  }
}, 600_000);
