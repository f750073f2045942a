import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { causeOf } from "../logging/error-cause.ts";

/** What is said to the thread. */
export type ThreadMessage = "nudge" | "stop" | { written: string };

export type Thread = {
  start(data: unknown): void;
  /** There is work. */
  nudge(): void;
  /** Something was written in the enterprise. */
  written(enterpriseId: string): void;
  /** Lets the thread come to the end of a step. */
  stop(): Promise<void>;
};

/** Rows pass through a thread, and none stay: with room to spare it would only let garbage lie for longer. */
const resourceLimits = { maxOldGenerationSizeMb: 160 };
// What the process was started with would count for more than a limit of the thread. It cannot change any more for
// what runs already.
setFlagsFromString("--max-semi-space-size=4");

const restartAfterMs = 1_000;
const stopMs = 15_000;

/** A thread that works beside the requests, so that none of them waits for it. One that dies is started again. */
export function keepThread(file: URL, log: Logger): Thread {
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
  const say = (message: ThreadMessage) => worker?.postMessage(message);

  return {
    start,
    nudge: () => say("nudge"),
    written: (enterpriseId) => say({ written: enterpriseId }),
    async stop() {
      isStopping = true;
      clearTimeout(restart);
      if (!worker) return;
      const ended = once(worker, "exit");
      const cut = setTimeout(() => {
        log.warn({ event: "thread-cut", stopMs }, "the thread was cut off");
        void worker?.terminate();
      }, stopMs);
      say("stop");
      await ended;
      clearTimeout(cut);
    },
  };
}
