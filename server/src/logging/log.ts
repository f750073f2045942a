import pino, { type Logger } from "pino";
import type { LogLevel } from "../config.ts";
import type { DatabaseLog } from "../database/pools.ts";

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

/** What the database's keepers report, as log lines. Whoever read that it went also reads that it is back. */
export function databaseLog(log: Logger): DatabaseLog {
  let isLost = false;
  return (event, { error, ...facts }) => {
    const isTrouble = troubles.has(event);
    const isBack = isLost && event === "database-started";
    if (isTrouble || isBack) isLost = isTrouble;
    const line = { event, ...facts, ...(error === undefined ? {} : { err: error }) };
    log[isTrouble || isBack ? "warn" : "info"](line, event);
  };
}
