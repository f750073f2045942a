import { afterAll, beforeAll } from "vitest";
import type { AppOptions } from "../app.ts";
import { importQueue } from "../imports/run/import-queue.ts";
import { type RunningQueue, startQueue } from "../jobs/queue-loop.ts";
import type { Logger } from "../logging/log.ts";
import { startApp, type TestApp } from "./start-app.ts";

type Options = Omit<AppOptions, "database" | "onAccepted">;

export type ServedApp = TestApp & {
  /** The app's address. */
  url(): string;
};

/**
 * Starts the app of one test file on a free port, with a worker that runs accepted imports at once.
 *
 * @param options a function is called before the app starts, for options that take time to prepare.
 */
export function serveWithWorker(options: Options | (() => Promise<Options>) = {}): ServedApp {
  let worker: RunningQueue | undefined;
  let url: string;
  const appOptions: Omit<AppOptions, "database"> = { onAccepted: () => worker?.nudge() };
  beforeAll(async () => {
    Object.assign(appOptions, typeof options === "function" ? await options() : options);
  });
  const registry = startApp(appOptions);
  beforeAll(async () => {
    url = await registry.app.listen({ port: 0, host: "127.0.0.1" });
    const { operator, service } = registry.database;
    const onError = (error: unknown) => {
      throw error;
    };
    const log = registry.app.log as Logger;
    worker = startQueue(importQueue({ pool: service, clock: () => new Date(), onError }), { operator, log });
  });
  afterAll(async () => {
    await worker?.stop();
    registry.app.server.closeAllConnections();
  });
  return Object.assign(registry, { url: () => url });
}
