import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { joinEmbedded } from "@clientele/embedded-postgres";
import pg from "pg";
import { enterpriseKeyOf } from "../database/id-codec.ts";
import { databaseServer } from "./database-server.ts";
import { databaseUrl } from "./test-cluster.ts";

/** Whether the run has an external server, so that the embedded database is not tested. */
export const hasServer = process.env["DATABASE_URL"] !== undefined;

const undo: (() => Promise<unknown>)[] = [];

/** Ends the processes of a test and removes its installations; for afterEach. */
export async function endAll(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** A new installation: a data folder and, with an external server, a database. */
export type Installation = {
  dataFolder: string;
  environment: Record<string, string>;
  /** Runs SQL directly: as the owner, or as the service inside an enterprise. */
  query(text: string, enterpriseId?: string): Promise<Record<string, unknown>[]>;
};

export async function newInstallation(): Promise<Installation> {
  const dataFolder = await mkdtemp(join(tmpdir(), "clientele-test-"));
  // Folder permissions as users have them: mkdtemp's are closed to other accounts.
  await chmod(dataFolder, 0o755);
  undo.push(() => rm(dataFolder, { recursive: true, force: true, maxRetries: 5 }));
  const url = hasServer ? await newDatabase() : undefined;
  const environment = { CLIENTELE_DATA: dataFolder, ...(url && { DATABASE_URL: url }) };
  const query: Installation["query"] = async (text, enterpriseId) => {
    const place = url ? { connectionString: url } : await joinEmbedded(dataFolder);
    const inside = `-c role=clientele_service -c clientele.enterprise_id=${enterpriseId && enterpriseKeyOf(enterpriseId)}`;
    const client = new pg.Client({ ...place, ...(enterpriseId && { options: inside }) });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  return { dataFolder, environment, query };
}

/** An empty database on the run's server. */
export async function newDatabase(): Promise<string> {
  const { adminUrl } = databaseServer();
  const name = `clientele_test_${randomBytes(6).toString("hex")}`;
  const url = databaseUrl(adminUrl, name);
  const onServer = async (statement: string) => {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await onServer(`create database ${name} owner ${new URL(url).username}`);
  undo.push(() => onServer(`drop database ${name} with (force)`));
  return url;
}

const workspace = fileURLToPath(new URL("../../../", import.meta.url));

/** A program in a process of its own. */
export type Run = {
  child: ChildProcess;
  /** The output so far. */
  stdout: string;
  stderr: string;
  /** The exit code; null if a signal ended it. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

function run(command: string, args: string[], environment: Record<string, string>): Run {
  const { DATABASE_URL: _, CLIENTELE_DATA: __, ...inherited } = process.env;
  const child = spawn(command, args, {
    cwd: workspace,
    // The console has its own tests: here no start waits for its build.
    env: { ...inherited, CLIENTELE_CONSOLE: "off", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  const it: Run = { child, stdout: "", stderr: "", ended };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    it.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    it.stderr += text;
  });
  return it;
}

/** The service on a free port; it may fail to start. */
export function start({ environment }: Pick<Installation, "environment">, throughNpm = false): Run {
  const settings = { PORT: "0", ...environment };
  const service = throughNpm
    ? run("npm", ["start", "--silent"], settings)
    : run(process.execPath, ["server/bin/start.js"], settings);
  // Stops in order, so that the database ends too.
  undo.push(async () => {
    if (service.child.exitCode === null && service.child.signalCode === null) service.child.kill("SIGTERM");
    await service.ended;
  });
  return service;
}

export type RunningService = Run & { url: string; call: Call };

/** Starts the service and resolves when it reports that it is ready. */
export async function startReady(installation: Installation, throughNpm = false): Promise<RunningService> {
  const service = start(installation, throughNpm);
  const url = await new Promise<string>((resolve, reject) => {
    const checkOutput = () => {
      const ready = /^Clientele is ready at (http:\S+)$/m.exec(service.stdout)?.[1];
      if (ready) resolve(ready);
    };
    service.child.stdout?.on("data", checkOutput);
    void service.ended.then(() => reject(new Error(`The service did not start: ${service.stderr}`)));
  });
  return Object.assign(service, { url, call: caller(url) });
}

// biome-ignore lint/suspicious/noExplicitAny: a test says of a body what it expects of it.
export type Reply = { status: number; body: any };
export type Call = (method: string, path: string, token?: string, body?: unknown) => Promise<Reply>;

const caller =
  (url: string): Call =>
  async (method, path, token, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

export type FirstApp = { enterpriseId: string; companyIds: string[]; appId: string; appSecret: string };

export async function firstApp({ dataFolder }: Installation): Promise<FirstApp> {
  return JSON.parse(await readFile(join(dataFolder, "first-app.json"), "utf8"));
}

export async function tokenOf(
  call: Call,
  { appId, appSecret }: Omit<FirstApp, "enterpriseId" | "companyIds">,
) {
  const { body } = await call("POST", "/v1/auth/token", undefined, { appid: appId, appsecret: appSecret });
  return body.accessToken as string;
}

export async function postmasterPid({ dataFolder }: Installation): Promise<number> {
  return Number((await readFile(join(dataFolder, "pg18", "postmaster.pid"), "utf8")).split("\n")[0]);
}

/** Repeats until it succeeds; the test's own timeout bounds it. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
