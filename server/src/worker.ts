import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { startBackgroundJobs } from "./background-jobs.ts";
import { databaseLog } from "./database/event-log.ts";
import { type ConnectionOptions, openPools } from "./database/pools.ts";
import { importsAtOnce } from "./imports/run/import-queue.ts";
import { deriveKeys, loadSigningKeys } from "./keys/signing-keys.ts";
import { causeOf } from "./logging/error-cause.ts";
import { type LogLevel, openLog } from "./logging/log.ts";
import type { ThreadMessage } from "./process/worker-thread.ts";
import { required } from "./validation/required.ts";
import { openSend } from "./webhooks/delivery/send.ts";
import { readAllowed } from "./webhooks/delivery/target.ts";
import { keyPurpose } from "./webhooks/secret.ts";

export type WorkerData = {
  connection: ConnectionOptions;
  logLevel: LogLevel;
  /** No other process uses the database. */
  isAlone: boolean;
  /** Hosts and networks that webhooks may call besides public addresses. */
  webhookAllow: string;
};

const webhookConnections = 4;
/** Each import reads its file on one connection and writes on another. */
const connectionsMax = 2 * importsAtOnce + webhookConnections;
/** Lower priority than requests, on systems that schedule threads. */
const niceness = 10;

const { connection, logLevel, isAlone, webhookAllow } = workerData as WorkerData;
const log = openLog(logLevel);
// On Linux this sets the priority of this thread only.
if (process.platform === "linux") setPriority(niceness);

const pools = openPools(connection, { service: connectionsMax, operator: 2 }, databaseLog(log));
// The embedded database runs a process for each connection: these get the same low priority.
if (isAlone && process.platform === "linux") pools.service.onConnect(lowerPriority);
const { send, close: closeConnections } = openSend({ allowed: readAllowed(webhookAllow) });
const keys = deriveKeys(await loadSigningKeys(pools.operator), keyPurpose);
const jobs = startBackgroundJobs({ pools, log, isAlone, delivery: { keys, send } });

required(parentPort, "the parent thread's port").on("message", (message: ThreadMessage) => {
  if (message === "nudge") jobs.nudge();
  else if (typeof message === "object") jobs.written(message.written);
  else
    void jobs
      .stop()
      .then(closeConnections)
      .then(() => pools.close())
      .then(() => required(parentPort, "the parent thread's port").close());
});

function lowerPriority(processId: number): void {
  try {
    setPriority(processId, niceness);
  } catch (error) {
    log.info({ event: "priority-not-set", cause: causeOf(error) }, "priority not set");
  }
}
