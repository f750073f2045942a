import pino, { type Logger } from "pino";

export type { Logger };

export const logLevels = ["fatal", "error", "warn", "info", "debug", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Writes JSON lines to standard error; standard output is for the greeting. */
export function openLog(level: LogLevel): Logger {
  // Synchronous, so that the last lines before an exit are not lost.
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
