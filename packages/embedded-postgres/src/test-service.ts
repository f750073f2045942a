import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import pg from "pg";
import { type EmbeddedDatabase, startEmbedded } from "./start.ts";

const run = promisify(execFile);

export const isRoot = process.getuid?.() === 0;
export const nobody = { uid: 65534, gid: 65534 };

type Options = Partial<Parameters<typeof startEmbedded>[0]> & { dataFolder: string };
export type LoggedEvent = { event: string; facts: Record<string, unknown> };

const undo: (() => Promise<unknown>)[] = [];

/** Stops what the test started and removes its folders; for afterEach. */
export async function cleanUp(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** A folder that every account can enter, unlike that of mkdtemp. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "clientele-test-"));
  undo.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await chmod(folder, 0o755);
  return folder;
}

let template: string | undefined;

/**
 * A data folder whose database was started once. Creating one takes a second, so the tests of a file share it, and copy
 * it before they damage it.
 */
export async function warmDataFolder(): Promise<string> {
  template ??= await createTemplate();
  return template;
}

export async function copyOfDataFolder(folder?: string): Promise<string> {
  const dataFolder = folder ?? (await temporaryFolder());
  await mkdir(dataFolder, { recursive: true });
  await run("cp", ["-a", join(await warmDataFolder(), "pg18"), dataFolder]);
  return dataFolder;
}

async function createTemplate(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "clientele-test-"));
  await chmod(folder, 0o755);
  const database = await startEmbedded({ dataFolder: folder, sockets: false, log: () => undefined });
  await database.stop();
  return folder;
}

/** For afterAll. */
export async function removeTemplate(): Promise<void> {
  if (template !== undefined) await rm(template, { recursive: true, force: true });
  template = undefined;
}

/** Starts in this process; the returned events fill up as they are logged. */
export async function start(options: Options): Promise<EmbeddedDatabase & { events: LoggedEvent[] }> {
  const events: LoggedEvent[] = [];
  const log = (event: string, facts: Record<string, unknown>) => void events.push({ event, facts });
  const database = await startEmbedded({ log, ...options });
  undo.push(() => database.stop());
  return { ...database, events };
}

/** Runs a module in a process of its own; it prints JSON lines and can import this folder's files as `./x.ts`. */
export async function startProcess(module: string, options: { uid?: number; gid?: number } = {}) {
  const here = new URL("./", import.meta.url).href;
  const source = module.replaceAll('"./', `"${here}`);
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    ...options,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  undo.push(() => endProcess(child, "SIGINT"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? "null");
  return { child, next };
}

/** The source of a service that prints its connection, and after SIGINT the result of a last query. */
export function service(dataFolder: string): string {
  return `
    import { startEmbedded } from "./start.ts";
    import { query } from "./test-service.ts";
    const print = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
    const log = () => undefined;
    const database = await startEmbedded({ dataFolder: ${JSON.stringify(dataFolder)}, log }).catch((error) => {
      print({ failure: error.failure, message: error.message });
      process.exit(1);
    });
    process.once("SIGINT", async () => {
      print({ drained: await query(database, "select 1 as one") });
      await database.stop();
      process.exit(0);
    });
    print({ connection: database.connection });`;
}

/** After SIGINT the service also stops its database. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

export async function query(
  { connection }: Pick<EmbeddedDatabase, "connection">,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Repeats until it succeeds; the test's own timeout bounds it. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

export async function postmasterPid(dataFolder: string): Promise<number> {
  return Number((await readFile(join(dataFolder, "pg18", "postmaster.pid"), "utf8")).split("\n")[0]);
}
