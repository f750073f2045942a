import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { causeOf } from "../logging/error-cause.ts";

export type ThreadMessage = "nudge" | "stop" | { written: string };

export type Thread = {
  start(data: unknown): void;
  /** Looks for queued jobs at once. */
  nudge(): void;
  /** The journal of the enterprise has grown. */
  written(enterpriseId: string): void;
  /** Lets the thread finish its current step; terminates it after 15 s. */
  stop(): Promise<void>;
};

/** The thread streams rows and keeps none: a larger heap would only collect garbage later. */
const resourceLimits = { maxOldGenerationSizeMb: 160 };
// The flags of the process override limits of a thread. This one applies to threads that start from now on.
setFlagsFromString("--max-semi-space-size=4");

const restartAfterMs = 1_000;
const stopMs = 15_000;

/** Runs background work in a thread, so that no request waits for it, and restarts the thread when it exits. */
export function superviseThread(file: URL, log: Logger): Thread {
  let worker: Worker | undefined;
  let restart: NodeJS.Timeout | undefined;
  let isStopping = false;

  function start(data: unknown): void {
    worker = new Worker(file, { workerData: data, resourceLimits });
    worker.on("error", (error) =>
      log.error({ event: "thread-failed", cause: causeOf(error) }, "thread failed"),
    );
    worker.on("exit", () => {
      worker = undefined;
      if (!isStopping) restart = setTimeout(start, restartAfterMs, data);
    });
  }
  const send = (message: ThreadMessage) => worker?.postMessage(message);

  return {
    start,
    nudge: () => send("nudge"),
    written: (enterpriseId) => send({ written: enterpriseId }),
    async stop() {
      isStopping = true;
      clearTimeout(restart);
      if (!worker) return;
      const ended = once(worker, "exit");
      const timer = setTimeout(() => {
        log.warn({ event: "thread-terminated", stopMs }, "thread terminated");
        void worker?.terminate();
      }, stopMs);
      send("stop");
      await ended;
      clearTimeout(timer);
    },
  };
}
