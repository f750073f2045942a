import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type pg from "pg";
import { databaseLog } from "./database/event-log.ts";
import { openPools } from "./database/pools.ts";
import { runImport } from "./imports/run/import-loop.ts";
import { releaseAll } from "./jobs/leases.ts";
import { startWorking } from "./jobs/worker.ts";
import { derivedKeys, loadSigningKeys } from "./keys/signing-keys.ts";
import { causeOf } from "./logging/error-cause.ts";
import { type LogLevel, openLog } from "./logging/log.ts";
import type { ThreadMessage } from "./process/worker-thread.ts";
import { startDispatching } from "./webhooks/delivery/dispatcher.ts";
import type { Dispatch } from "./webhooks/delivery/process-endpoint.ts";
import { letGoOfAll } from "./webhooks/delivery/queue.ts";
import { openSend } from "./webhooks/delivery/send.ts";
import { readAllowed } from "./webhooks/delivery/target.ts";
import { keyPurpose } from "./webhooks/secret.ts";

/** What the thread is started with. */
export type WorkerData = {
  connection: pg.ClientConfig;
  logLevel: LogLevel;
  /** No other service has this database. */
  isAlone: boolean;
  /** Where webhooks may go besides public addresses. */
  webhookAllow: string;
};

const importsAtOnce = 2;
const webhookConnections = 4;
/** Of each import: one that reads the file and one that writes. */
const connectionsMax = 2 * importsAtOnce + webhookConnections;
/** Behind the requests of people, where the system knows threads. */
const niceness = 10;

const { connection, logLevel, isAlone, webhookAllow } = workerData as WorkerData;
const log = openLog(logLevel);
// On Linux this is the thread alone.
if (process.platform === "linux") setPriority(niceness);

const pools = openPools(connection, { service: connectionsMax, operator: 2 }, databaseLog(log));
// The embedded database works for this thread in processes of its own: they stand back as well.
if (isAlone && process.platform === "linux") pools.service.on("connect", standBack);
const workshop = {
  pool: pools.service,
  clock: () => new Date(),
  onError: (error: unknown, requestId: string) =>
    log.error({ event: "import-failed", requestId, cause: causeOf(error) }, "import failed"),
};
const { send, close: closeConnections } = openSend({ allowed: readAllowed(webhookAllow) });
const dispatch: Dispatch = {
  pool: pools.service,
  keys: derivedKeys(await loadSigningKeys(pools.operator), keyPurpose),
  send,
  clock: () => new Date(),
  random: Math.random,
};
if (isAlone) await Promise.all([releaseAll(pools.operator), letGoOfAll(pools.operator, new Date())]);
const dispatcher = startDispatching({ operator: pools.operator, dispatch, log });
const worker = startWorking({
  operator: pools.operator,
  log,
  run: (item, signal) => runImport(workshop, item, signal).finally(() => dispatcher.wake(item.enterpriseId)),
  atOnce: importsAtOnce,
});

parentPort!.on("message", (message: ThreadMessage) => {
  if (message === "nudge") worker.nudge();
  else if (typeof message === "object") dispatcher.wake(message.written);
  else
    void Promise.all([worker.stop(), dispatcher.stop()])
      .then(closeConnections)
      .then(() => pools.close())
      .then(() => parentPort!.close());
});

function standBack(client: pg.PoolClient): void {
  const { processID } = client as unknown as { processID: number };
  try {
    setPriority(processID, niceness);
  } catch (error) {
    log.info({ event: "priority-not-set", cause: causeOf(error) }, "priority not set");
  }
}
