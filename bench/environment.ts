import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmbedded } from "@clientele/embedded-postgres";
import pg from "pg";
import workspace from "../package.json" with { type: "json" };
import { createApp } from "../server/src/apps/provision.ts";
import { openDatabase } from "../server/src/database/open.ts";
import { createEnterprise } from "../server/src/enterprises/operations.ts";
import { encodeIds } from "../server/src/testing/encode-ids.ts";
import { importRows } from "./customers.ts";

/** What every measurement uses: a database with customers, the service and the baseline. */
export type Environment = {
  /** Superuser session, without row-level security. */
  superuser: pg.Client;
  databaseUrl: string;
  /** Where the database server listens. */
  server: { host: string; port: number };
  enterpriseId: string;
  customers: number;
  service: Running & { token: string };
  baseline: Running;
  close(): Promise<void>;
};

export type Running = { url: string; process: ChildProcess };

/** The environment and flags of `npm start`, and its compile cache. */
const [, environment, flags] = /exec env (.*?) node (--.*?) server/.exec(workspace.scripts.start)!;
const startEnvironment = Object.fromEntries(environment!.split(" ").map((setting) => setting.split("=")));
const compileCache = fileURLToPath(new URL("../node_modules/.cache/clientele", import.meta.url));

const startTimeoutMs = 120_000;
const endTimeoutMs = 30_000;

/** Starts a file of this folder in its own process. */
export async function run(file: string, databaseUrl: string): Promise<Running> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ["--expose-gc", ...flags!.split(" ")],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      NODE_ENV: "production",
      ...startEnvironment,
      NODE_COMPILE_CACHE: compileCache,
    },
  });
  const signal = AbortSignal.timeout(startTimeoutMs);
  const [{ port }] = (await once(child, "message", { signal }).catch((error) => {
    child.kill("SIGKILL");
    throw error;
  })) as [{ port: number }];
  return { url: `http://127.0.0.1:${port}`, process: child };
}

/** Ends a process of the bench and waits for its exit. Does nothing when the process has already ended. */
export async function end({ process: child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  if (child.connected) child.disconnect();
  else child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), endTimeoutMs);
  await ended;
  clearTimeout(late);
}

export async function createEnvironment(customers: number): Promise<Environment> {
  const folder = await mkdtemp(join(tmpdir(), "clientele-bench-"));
  const embedded = await startEmbedded({ dataFolder: folder, log: () => undefined });
  const { host, port } = embedded.connection;
  const urlAs = (user: string) =>
    `postgres://${user}@localhost:${port}/clientele?host=${encodeURIComponent(host)}`;
  const superuser = new pg.Client({
    connectionString: urlAs("postgres"),
    options: "-c search_path=clientele -c timezone=UTC",
  });
  await superuser.connect();
  encodeIds(superuser);
  await superuser.query("create role clientele login createrole");
  await superuser.query("alter database clientele owner to clientele");
  const databaseUrl = urlAs("clientele");
  const database = await openDatabase({ place: { url: databaseUrl }, log: () => undefined });
  const now = new Date();
  const enterpriseId = await createEnterprise(database.operator, "Bench", now);
  const otherId = await createEnterprise(database.operator, "Other", now);
  const credentials = [];
  for (const id of [enterpriseId, otherId])
    credentials.push(await createApp(database.operator, id, { name: "Bench" }, now));
  await database.close();

  const service = await run("service.ts", databaseUrl);
  const baseline = await run("baseline.ts", urlAs("postgres"));
  const [token, otherToken] = await Promise.all(
    credentials.map(async ({ appId, appSecret }) => {
      const answer = await post(`${service.url}/v1/auth/token`, { appid: appId, appsecret: appSecret });
      return (answer as { accessToken: string }).accessToken;
    }),
  );
  const rowsPerRequest = 10_000;
  for (let from = 0; from < customers; from += rowsPerRequest) {
    const rows = importRows(from, Math.min(rowsPerRequest, customers - from));
    await post(`${service.url}/v1/enterprise-customers/import`, rows, token);
    process.stderr.write(`\rloading ${from + rows.length} customers`);
  }
  await post(`${service.url}/v1/enterprise-customers/import`, importRows(0, 10_000), otherToken);
  process.stderr.write("\n");
  await superuser.query("vacuum (analyze) clientele.customers");

  return {
    superuser,
    databaseUrl,
    server: { host, port },
    enterpriseId,
    customers,
    service: { ...service, token: token! },
    baseline,
    async close() {
      await Promise.all([end(service), end(baseline)]);
      await superuser.end();
      await embedded.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the body of the response. Throws with the error body if the request is refused. */
export async function post(url: string, body: unknown, token?: string): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}
