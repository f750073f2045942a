import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The server of the test run, with a login that may create databases, and the database to copy. */
    databaseServer: { adminUrl: string; template: string } | undefined;
  }
}

/** The PostgreSQL server that the tests of this run share. */
export function databaseServer(): { adminUrl: string; template: string } {
  const server = inject("databaseServer");
  if (server === undefined) {
    throw new Error(
      "The `unit` project has no database: vitest.config.ts tells from a test file's imports that it needs one.",
    );
  }
  return server;
}
