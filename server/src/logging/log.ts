import pino, { type Logger } from "pino";

export type { Logger };

export const logLevels = ["fatal", "error", "warn", "info", "debug", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** JSON lines on standard error; standard output is for the person who starts the service. */
export function openLog(level: LogLevel): Logger {
  // Written at once: the lines that matter most are those before an exit.
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
