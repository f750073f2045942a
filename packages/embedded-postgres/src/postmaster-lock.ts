import { readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { socketPath } from "./address.ts";
import type { Cluster } from "./cluster.ts";
import { EmbeddedDatabaseError } from "./error.ts";
import { commandLine, isAlive } from "./processes.ts";

/** An unused setting that puts the folder on the command line, because a pid can be reused by another program. */
export function folderSetting(folder: string): string {
  return `clientele.data_folder=${folder}`;
}

export async function isPostmaster(pid: number, folder: string): Promise<boolean> {
  return (await commandLine(pid)).includes(` -c ${folderSetting(folder)} -c `);
}

export type RunningPostmaster = { pid: number; port: number; socketFolder: string | undefined };

/** The postmaster that this or an earlier service started on the folder. */
export async function findPostmaster(folder: string): Promise<RunningPostmaster | undefined> {
  const lines = await readLines(join(folder, "postmaster.pid"));
  const pid = lines && parsePid(lines);
  if (!pid || !(await isPostmaster(pid, folder))) return undefined;
  const [, , , port, socketFolder] = lines;
  // A postmaster that is starting has not written all lines yet.
  return { pid, port: Number(port), socketFolder: socketFolder && resolve(folder, socketFolder) };
}

/**
 * Removes lock files whose pid belongs to another program or a zombie, and damaged ones: PostgreSQL would refuse to
 * start. It removes files of a dead pid itself.
 */
export async function clearStaleLocks({ folder, address }: Cluster): Promise<void> {
  await refuseAnsweringSocket(folder, socketPath(address));
  for (const file of [join(folder, "postmaster.pid"), `${socketPath(address)}.lock`]) {
    if (await isStale(file, folder)) await rm(file, { force: true });
  }
}

async function isStale(file: string, folder: string): Promise<boolean> {
  // A file that is being written looks damaged.
  for (let attempt = 0; attempt < 10; attempt++) {
    const lines = await readLines(file);
    if (!lines) return false;
    const pid = parsePid(lines);
    if (pid !== undefined) return isAlive(pid) && !(await usesFolder(pid, folder));
    await delay(10);
  }
  return true;
}

/** Also true for a PostgreSQL that was started by hand: its lock files must stay. */
async function usesFolder(pid: number, folder: string): Promise<boolean> {
  const command = await commandLine(pid);
  return command.includes("postgres") && command.includes(folder);
}

/** Processes of another container are invisible, but their socket is reachable. */
async function refuseAnsweringSocket(folder: string, path: string): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect({ path })
      .once("error", () => resolve(false))
      .once("connect", () => {
        socket.destroy();
        resolve(true);
      });
  });
  if (!answers || (await findPostmaster(folder))) return;
  throw new EmbeddedDatabaseError(
    "in-use",
    `The database in ${folder} already runs, started by hand or in another container: stop it first.`,
  );
}

function readLines(file: string): Promise<string[] | undefined> {
  return readFile(file, "utf8").then(
    (text) => text.split("\n"),
    () => undefined,
  );
}

/** A negative number is the pid of a single-user session. */
function parsePid([first = ""]: string[]): number | undefined {
  return /^-?[1-9]\d{0,9}\s*$/.test(first) ? Math.abs(Number(first)) : undefined;
}
