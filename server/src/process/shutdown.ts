import type { Logger } from "../logging/log.ts";

const usual = {
  /** The drain has 20 s of it; ending a database takes a moment more. */
  stopMs: 25_000,
  /** npm hands on the Ctrl-C that the terminal has sent to all of its children: both are one wish. */
  sameWishMs: 1_000,
};

/**
 * Ends the process with the code once `stop` is done, at the first signal or when asked. A second signal, an
 * error, or 25 s end it at once with code 1.
 */
export function exitInOrder(
  stop: () => Promise<void>,
  log: Logger,
  { stopMs, sameWishMs } = usual,
): (code: 0 | 1) => void {
  let askedAt: number | undefined;

  function exit(code: 0 | 1): void {
    if (askedAt !== undefined) return;
    askedAt = Date.now();
    setTimeout(() => {
      log.error({ event: "stop-cut" }, "stopping took too long");
      process.exit(1);
    }, stopMs).unref();
    stop().then(
      () => process.exit(code),
      (error) => {
        log.error({ event: "stop-failed", err: error }, "stopping failed");
        process.exit(1);
      },
    );
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (askedAt !== undefined && Date.now() - askedAt >= sameWishMs) process.exit(1);
      exit(0);
    });
  }
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ event, err: error }, event);
      exit(1);
    });
  }
  return exit;
}
