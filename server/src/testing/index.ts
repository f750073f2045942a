/** For tests of other workspaces: the service in this process, and as a process of its own. */
export type { AppOptions } from "../app.ts";
export { type ServedApp, serveWithWorker } from "./serve-with-worker.ts";
export * from "./service-process.ts";
