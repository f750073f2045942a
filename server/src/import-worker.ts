import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type pg from "pg";
import type { LogLevel } from "./config.ts";
import { openPools } from "./database/open.ts";
import { causeOf } from "./http/log-cause.ts";
import { runImport } from "./imports/run.ts";
import { releaseAll } from "./jobs/leases.ts";
import type { ThreadMessage } from "./jobs/thread.ts";
import { startWorking } from "./jobs/worker.ts";
import { databaseLog, openLog } from "./log.ts";

/** What the thread is started with. */
export type ImportWorkerData = {
  connection: pg.ClientConfig;
  logLevel: LogLevel;
  /** No other service has this database. */
  isAlone: boolean;
};

const importsAtOnce = 2;
/** Of each import: one that reads the file and one that writes. */
const connectionsMax = 2 * importsAtOnce;
/** Behind the requests of people, where the system knows threads. */
const niceness = 10;

const { connection, logLevel, isAlone } = workerData as ImportWorkerData;
const log = openLog(logLevel);
// On Linux this is the thread alone.
if (process.platform === "linux") setPriority(niceness);

const pools = openPools(connection, { service: connectionsMax, operator: 1 }, databaseLog(log));
const workshop = {
  pool: pools.service,
  clock: () => new Date(),
  onFault: (error: unknown, requestId: string) =>
    log.error({ event: "import-failed", requestId, cause: causeOf(error) }, "import failed"),
};
if (isAlone) await releaseAll(pools.operator);
const worker = startWorking({
  operator: pools.operator,
  log,
  run: (item, signal) => runImport(workshop, item, signal),
  atOnce: importsAtOnce,
});

parentPort!.on("message", (message: ThreadMessage) => {
  if (message === "nudge") worker.nudge();
  else
    void worker
      .stop()
      .then(() => pools.close())
      .then(() => parentPort!.close());
});
