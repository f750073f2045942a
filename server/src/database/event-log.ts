import type { Logger } from "../logging/log.ts";
import type { DatabaseLog } from "./pools.ts";

const errorEvents = new Set(["database-lost", "database-restart-failed", "database.connection_lost"]);

/**
 * Logs the events of the embedded database and of the pools. Losses and recoveries are both logged as warnings, so a
 * filter on warnings shows both.
 */
export function databaseLog(log: Logger): DatabaseLog {
  let isLost = false;
  return (event, { error, ...facts }) => {
    const isError = errorEvents.has(event);
    const isBack = isLost && event === "database-started";
    if (isError || isBack) isLost = isError;
    const line = { event, ...facts, ...(error === undefined ? {} : { err: error }) };
    log[isError || isBack ? "warn" : "info"](line, event);
  };
}
