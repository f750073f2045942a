import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { databaseLog } from "./database/event-log.ts";
import { openDatabase } from "./database/open.ts";
import type { FirstApp } from "./first-run/first-app-file.ts";
import { createFirstEnterprise } from "./first-run/first-enterprise.ts";
import type { Logger } from "./logging/log.ts";
import { openAccounts } from "./people/accounts.ts";
import { linkUrl } from "./people/link-token.ts";
import { createSetUpToken } from "./people/set-up.ts";
import { startPeriodicJobs } from "./periodic-jobs.ts";
import { OperatorError } from "./process/operator-error.ts";
import { superviseThread } from "./process/worker-thread.ts";
import { countUsage } from "./usage/usage-counter.ts";
import type { WorkerData } from "./worker.ts";

export type Service = {
  /** The URL of the service on this machine. */
  url: string;
  /** The first app, if this start created the first enterprise. */
  firstApp: FirstApp | null;
  /** The page where the first person becomes administrator; null once there is one. */
  setUpUrl: string | null;
  /** Stops accepting requests, answers open ones, closes the database and stops an embedded one. */
  stop(): Promise<void>;
};

const drainMs = 20_000;
const sweepMs = 50;

/**
 * @param onLost called when another service has taken the database and this one cannot continue.
 * @param consoleFolder of the built console; null for none.
 */
export async function startService(
  config: Config,
  log: Logger,
  onLost: (error: Error) => void,
  consoleFolder: string | null = null,
): Promise<Service> {
  await requireFreePort(config);
  const database = await openDatabase({ place: config.database, log: databaseLog(log), onLost });
  try {
    const worker = superviseThread(new URL("./worker.ts", import.meta.url), log);
    const { webhookAllow, publicUrl, oidc } = config;
    const usage = countUsage(() => new Date());
    const app = await createApp({
      database,
      log,
      onAccepted: worker.nudge,
      onWritten: worker.written,
      onAnswered: usage.count,
      webhookAllow,
      publicUrl,
      oidc,
      consoleFolder,
    });
    try {
      const url = await listen(app, config);
      const firstApp = await createFirstEnterprise(database.operator, config.dataFolder, new Date());
      // The link opens a page of the console.
      const hasConsole = consoleFolder !== null || config.console === "external";
      const setUpToken = hasConsole ? await createSetUpToken(openAccounts(database.people)) : null;
      const setUpUrl = setUpToken === null ? null : linkUrl(publicUrl ?? url, "set-up", setUpToken);
      const stopPeriodic = startPeriodicJobs({
        pools: database,
        usage,
        journalDays: config.journalDays,
        log,
      });
      const { connection } = database;
      const isAlone = "dataFolder" in config.database;
      worker.start({
        connection,
        logLevel: config.logLevel,
        isAlone,
        webhookAllow,
      } satisfies WorkerData);
      const stop = async () => {
        await Promise.all([
          drain(app, log),
          worker.stop(),
          stopPeriodic.purge(),
          stopPeriodic["default-fields"](),
          stopPeriodic["missed-changes"](),
        ]);
        // After the last request, so that usage includes it.
        await stopPeriodic.usage();
        await database.close();
      };
      return { url, firstApp, setUpUrl, stop };
    } catch (error) {
      await app.close();
      throw error;
    }
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Throws if the port is in use, before the database starts, which takes seconds and creates a folder. */
async function requireFreePort({ host, port }: Config): Promise<void> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, "listening");
    probe.close();
    await once(probe, "close");
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, host, port);
  }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, host, port);
  }
  const bound = app.server.address() as AddressInfo;
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${bound.port}`;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new OperatorError(
        `Port ${port} is in use by another program: stop it, or choose another one with PORT.`,
        { cause: error },
      );
    case "EACCES":
      return new OperatorError(
        `This account may not listen on port ${port}: choose one above 1023 with PORT.`,
        {
          cause: error,
        },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new OperatorError(`HOST is "${host}", which is not an address of this machine.`, {
        cause: error,
      });
    default:
      return error;
  }
}

/**
 * Stops listening and closes each connection once it is idle. Connections that are busy after 20 s are closed without
 * a response.
 */
async function drain(app: FastifyInstance, log: Logger): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), sweepMs);
  const bound = setTimeout(() => {
    log.warn({ event: "drain-timeout", drainMs }, "open requests aborted");
    app.server.closeAllConnections();
  }, drainMs);
  await app.close();
  clearInterval(sweep);
  clearTimeout(bound);
}
