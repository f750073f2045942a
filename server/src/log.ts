import pino, { type Logger } from "pino";
import type { LogLevel } from "./config.ts";
import type { DatabaseLog } from "./database/open.ts";

export type { Logger };

/** JSON lines on standard error; standard output is for the person who starts the service. */
export function openLog(level: LogLevel): Logger {
  // Written at once: the lines that matter most are those before an exit.
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}

const troubles = new Set(["database-lost", "database-restart-failed", "database.connection_lost"]);

/** What the database's keepers report, as log lines. */
export function databaseLog(log: Logger): DatabaseLog {
  return (event, { error, ...facts }) => {
    const line = { event, ...facts, ...(error === undefined ? {} : { err: error }) };
    log[troubles.has(event) ? "warn" : "info"](line, event);
  };
}
