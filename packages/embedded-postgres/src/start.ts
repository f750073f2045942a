import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { chooseAccount } from "./account.ts";
import { loopbackAddress, socketAddress } from "./address.ts";
import { findBinaries } from "./binaries.ts";
import { type Cluster, createCluster, major, refuseOtherMajor, repairPermissions } from "./cluster.ts";
import { type EmbeddedDatabaseError, fileError } from "./error.ts";
import type { Log } from "./log-file.ts";
import { findPostmaster } from "./postmaster-lock.ts";
import { supervise } from "./supervise.ts";

export type EmbeddedDatabase = {
  /** Parameters for `pg`: host is the socket folder, or 127.0.0.1 with a password where there are no sockets. */
  connection: { host: string; port: number; user: string; password?: string; database: string };
  /** Stops the database and resolves when its process has ended. Can be called again. Drain requests first. */
  stop(): Promise<void>;
};

/**
 * Runs PostgreSQL on `<dataFolder>/pg18` for this service alone: restarts a database that ends, and adopts one that an
 * earlier service left running. The database survives when the service is killed.
 *
 * @param options.onLost called at most once, when the database ended and another service took its folder.
 * @param options.sockets false on systems without sockets: the database listens on 127.0.0.1.
 * @throws EmbeddedDatabaseError
 */
export async function startEmbedded(options: {
  dataFolder: string;
  log: Log;
  onLost?: (error: EmbeddedDatabaseError) => void;
  sockets?: boolean;
}): Promise<EmbeddedDatabase> {
  const { log, onLost, sockets = process.platform !== "win32" } = options;
  const cluster = await prepare(options.dataFolder, sockets, log);
  const { stop } = await supervise(cluster, log, onLost);
  const { host, port, password } = cluster.address;
  const connection = {
    host,
    port,
    user: "postgres",
    ...(password !== undefined && { password }),
    database: "clientele",
  };
  return { connection, stop };
}

async function prepare(dataFolderName: string, sockets: boolean, log: Log): Promise<Cluster> {
  const dataFolder = await mkdir(dataFolderName, { recursive: true })
    .then(() => realpath(dataFolderName))
    .catch((error) => {
      throw fileError(error, `create ${dataFolderName}`);
    });
  await refuseOtherMajor(dataFolder);

  const folder = join(dataFolder, `pg${major}`);
  const account = await chooseAccount(folder);
  const running = await findPostmaster(folder);
  const address = sockets
    ? await socketAddress(folder, account, running?.socketFolder)
    : await loopbackAddress(folder, account, running?.port);
  const binaries = await findBinaries({ dataFolder, account, log });
  const cluster = { folder, account, address, binaries, logFile: join(dataFolder, `pg${major}.log`) };

  const { created } = await createCluster(cluster);
  if (created) log("database-created", { folder, account: account?.name });
  if (!running) await repairPermissions(cluster);
  return cluster;
}
