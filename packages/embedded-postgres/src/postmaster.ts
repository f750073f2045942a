import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { childOptions, pathFor } from "./account.ts";
import type { Cluster } from "./cluster.ts";
import { EmbeddedDatabaseError, fileError } from "./error.ts";
import { findPostmaster, folderSetting, isPostmaster } from "./postmaster-lock.ts";

const run = promisify(execFile);

/** The service requires these; on the command line, neither files nor ALTER SYSTEM override them. */
const durability = ["fsync=on", "full_page_writes=on", "synchronous_commit=on"];
const requiredSettings = [...durability, "timezone=UTC", "log_timezone=UTC"];

/** Starts the postmaster detached, so that neither Ctrl-C nor killing the service ends it. */
export async function launchPostmaster(cluster: Cluster): Promise<number> {
  const { folder, account, binaries, address, logFile } = cluster;
  const all = [folderSetting(folder), ...requiredSettings, ...address.settings];
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

/** Windows: postgres refuses to run as administrator; pg_ctl drops those rights. */
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
  throw new EmbeddedDatabaseError("start-failed", `PostgreSQL did not start: see ${logFile}.`);
}

type StartedCluster = Pick<Cluster, "folder" | "binaries">;

/**
 * Requests a fast shutdown, then an immediate one (the next start recovers), then kills the postmaster. Resolves when
 * its process has ended.
 */
export async function stopPostmaster(
  cluster: StartedCluster,
  pid: number,
  timeouts = { fastMs: 30_000, immediateMs: 10_000 },
): Promise<void> {
  await signal(cluster, pid, "SIGINT");
  if (await hasEnded(cluster, pid, timeouts.fastMs)) return;
  await signal(cluster, pid, "SIGQUIT");
  if (await hasEnded(cluster, pid, timeouts.immediateMs)) return;
  await signal(cluster, pid, "SIGKILL");
  await hasEnded(cluster, pid, timeouts.immediateMs);
}

async function hasEnded({ folder }: StartedCluster, pid: number, withinMs: number): Promise<boolean> {
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

/** The last error of the postmaster in its log after the given position. */
export async function lastLogMessage(logFile: string, since: number): Promise<string> {
  const lines = (await readFile(logFile)).subarray(since).toString("utf8").trim().split("\n");
  const fatal = lines.findLast(
    (line) => /(FATAL|PANIC): /.test(line) && !/database system is|terminating/.test(line),
  );
  return (fatal ?? lines.at(-1) ?? "").replace(/^.*?(FATAL|PANIC|LOG): +/, "") || "no message in its log";
}
