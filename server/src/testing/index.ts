/** For tests of other workspaces: the service as a process. */
export * from "./service-process.ts";
