import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  statfs,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Account } from "./account.ts";
import type { Address } from "./address.ts";
import { EmbeddedDatabaseError, fileError } from "./error.ts";
import { initdb } from "./initdb.ts";
import { isAlive } from "./processes.ts";

/** Part of the folder name, because other majors cannot read the files. Changes with the pinned packages. */
export const major = 18;

const freeBytesMin = 200 * 1024 * 1024;

/** A PostgreSQL data folder and what is needed to run it. */
export type Cluster = {
  folder: string;
  logFile: string;
  account: Account | undefined;
  binaries: string;
  address: Address;
};

/** Throws if the newest cluster of the data folder has another major. Changes nothing. */
export async function refuseOtherMajor(dataFolder: string): Promise<void> {
  const majors = (await readdir(dataFolder))
    .map((name) => /^pg(\d+)$/.exec(name)?.[1])
    .filter((found) => found !== undefined)
    .map(Number);
  const newest = Math.max(...majors);
  if (majors.length > 0 && newest !== major) throw otherMajor(join(dataFolder, `pg${newest}`), `${newest}`);

  const folder = join(dataFolder, `pg${major}`);
  const version = await readFile(join(folder, "PG_VERSION"), "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw fileError(error, `read ${folder}`);
  });
  if (version !== undefined && version.trim() !== `${major}`) throw otherMajor(folder, version.trim());
}

function otherMajor(folder: string, found: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    "other-version",
    `${folder} holds a database of PostgreSQL ${found} and this release runs PostgreSQL ${major}: export with the release that wrote it and import here, or choose another data folder.`,
  );
}

/** Creates the cluster atomically: initdb runs in a temporary folder, which is then renamed. */
export async function createCluster(cluster: Cluster): Promise<{ created: boolean }> {
  const { folder, account } = cluster;
  await removeUnfinished(folder);
  const present = await readdir(folder).catch((error): string[] => {
    if (error.code === "ENOENT") return [];
    throw fileError(error, `read ${folder}`);
  });
  if (present.includes("PG_VERSION")) return { created: false };
  if (present.length > 0) {
    throw new EmbeddedDatabaseError(
      "initdb-failed",
      `${folder} holds files but no database: move them away or choose another data folder.`,
    );
  }

  await requireFreeSpace(dirname(folder));
  const unfinished = `${folder}.new-${process.pid}`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
    if (account) await chown(unfinished, account.uid, account.gid);
    await initdb(unfinished, cluster);
    await rename(unfinished, folder);
    await syncFolder(dirname(folder));
    return { created: true };
  } catch (error) {
    // Another service created it at the same time; `takeOwnership` decides which of them runs.
    if (await lstat(join(folder, "PG_VERSION")).catch(() => undefined)) return { created: false };
    throw fileError(error, `create ${folder}`);
  } finally {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Gives a cluster that root restored or copied back to its account. */
export async function repairPermissions({ folder, account }: Cluster): Promise<void> {
  try {
    const { uid, mode } = await lstat(folder);
    if (account && uid !== account.uid) {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
      }
      await lchown(folder, account.uid, account.gid);
    }
    if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
  } catch (error) {
    throw fileError(error, `take over ${folder}`);
  }
}

/** PostgreSQL stops when its write-ahead log cannot grow, so starting on a full disk is useless. */
export async function requireFreeSpace(folder: string, bytesMin = freeBytesMin): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytesMin) return;
  const [free, needed] = [bavail * bsize, bytesMin].map((bytes) => `${Math.floor(bytes / 1024 / 1024)} MB`);
  throw new EmbeddedDatabaseError(
    "disk-full",
    `The disk of ${folder} has ${free} free and the database needs ${needed} to start: free some space.`,
  );
}

/** Removes folders of processes that were killed during initdb. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    const starter = name.startsWith(`pg${major}.new-`) ? Number(name.split("-")[1]) : undefined;
    if (starter === undefined || (starter !== process.pid && isAlive(starter))) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}
