import type { Logger } from "../logging/log.ts";

const defaults = {
  /** 20 s to drain requests and 5 s to stop the database. */
  stopMs: 25_000,
  /** On Ctrl-C the terminal signals every process and npm forwards the signal: the second within this time is ignored. */
  duplicateSignalMs: 1_000,
};

/**
 * Runs `stop` at the first signal and exits with code 0; returns a function that does so with a given code. A second
 * signal, an error in `stop` or 25 s exit at once with code 1.
 */
export function handleShutdown(
  stop: () => Promise<void>,
  log: Logger,
  { stopMs, duplicateSignalMs } = defaults,
): (code: 0 | 1) => void {
  let startedAt: number | undefined;

  function shutDown(code: 0 | 1): void {
    if (startedAt !== undefined) return;
    startedAt = Date.now();
    setTimeout(() => {
      log.error({ event: "shutdown-timeout" }, "shutdown timed out");
      process.exit(1);
    }, stopMs).unref();
    stop().then(
      () => process.exit(code),
      (error) => {
        log.error({ event: "shutdown-failed", err: error }, "shutdown failed");
        process.exit(1);
      },
    );
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (startedAt !== undefined && Date.now() - startedAt >= duplicateSignalMs) process.exit(1);
      shutDown(0);
    });
  }
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ event, err: error }, event);
      shutDown(1);
    });
  }
  return shutDown;
}
