import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { childOptions, pathFor } from "./account.ts";
import type { Cluster } from "./cluster.ts";
import { EmbeddedDatabaseError, fileError } from "./error.ts";
import { findPostmaster, folderMark, isPostmaster } from "./postmaster-lock.ts";

const run = promisify(execFile);

/** What the service promises rests on these: on the command line, no file and no ALTER SYSTEM changes them. */
const durability = ["fsync=on", "full_page_writes=on", "synchronous_commit=on"];
const guarantees = [...durability, "timezone=UTC", "log_timezone=UTC"];

/** Starts the postmaster apart from the service, so that neither Ctrl-C nor a kill of the service reaches it. */
export async function launchPostmaster(cluster: Cluster): Promise<number> {
  const { folder, account, binaries, address, logFile } = cluster;
  const all = [folderMark(folder), ...guarantees, ...address.settings];
  const settings = all.flatMap((setting) => ["-c", setting]);
  if (process.platform === "win32") return launchByPgCtl(cluster, settings);

  const log = await open(logFile, "a", 0o600).catch((error) => {
    throw fileError(error, `write ${logFile}`);
  });
  try {
    const args = ["-D", await pathFor(account, folder), ...settings];
    const postmaster = spawn(join(binaries, "bin", "postgres"), args, {
      ...childOptions(account, folder),
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await once(postmaster, "spawn");
    postmaster.unref();
    return postmaster.pid as number;
  } catch (error) {
    if (error instanceof EmbeddedDatabaseError) throw error;
    throw new EmbeddedDatabaseError("start-failed", `PostgreSQL in ${binaries} could not be started.`, error);
  } finally {
    await log.close();
  }
}

/** Windows: postgres refuses an administrator, and pg_ctl takes those rights away first. */
async function launchByPgCtl(
  { folder, binaries, logFile, account }: Cluster,
  settings: string[],
): Promise<number> {
  const quoted = settings.map((setting) => `"${setting}"`).join(" ");
  const args = ["start", "--no-wait", "-D", folder, "-l", logFile, "-o", quoted];
  await run(join(binaries, "bin", "pg_ctl"), args, childOptions(account, folder));
  for (let attempt = 0; attempt < 100; attempt++) {
    const running = await findPostmaster(folder);
    if (running) return running.pid;
    await delay(50);
  }
  throw new EmbeddedDatabaseError("start-failed", `PostgreSQL did not start; ${logFile} says why.`);
}

type StartedCluster = Pick<Cluster, "folder" | "binaries">;

/**
 * Fast shutdown and its checkpoint, then an immediate one (the next start recovers), then an end by force.
 * Resolves when the postmaster has gone.
 */
export async function stopPostmaster(
  cluster: StartedCluster,
  pid: number,
  bounds = { fastMs: 30_000, immediateMs: 10_000 },
): Promise<void> {
  await signal(cluster, pid, "SIGINT");
  if (await isGone(cluster, pid, bounds.fastMs)) return;
  await signal(cluster, pid, "SIGQUIT");
  if (await isGone(cluster, pid, bounds.immediateMs)) return;
  await signal(cluster, pid, "SIGKILL");
  await isGone(cluster, pid, bounds.immediateMs);
}

async function isGone({ folder }: StartedCluster, pid: number, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    if (!(await isPostmaster(pid, folder))) return true;
    await delay(5);
  }
  return false;
}

async function signal(
  cluster: StartedCluster,
  pid: number,
  name: "SIGINT" | "SIGQUIT" | "SIGKILL",
): Promise<void> {
  if (!(await isPostmaster(pid, cluster.folder))) return;
  if (process.platform === "win32") {
    await run(join(cluster.binaries, "bin", "pg_ctl"), ["kill", name.slice("SIG".length), `${pid}`]);
    return;
  }
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The last thing the postmaster said in its log since the given length. */
export async function lastWords(logFile: string, since: number): Promise<string> {
  const lines = (await readFile(logFile)).subarray(since).toString("utf8").trim().split("\n");
  const fatal = lines.findLast(
    (line) => /(FATAL|PANIC): /.test(line) && !/database system is|terminating/.test(line),
  );
  return (fatal ?? lines.at(-1) ?? "").replace(/^.*?(FATAL|PANIC|LOG): +/, "") || "it said nothing";
}
