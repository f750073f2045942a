import { flushCompileCache } from "node:module";
import { type AppOptions, createApp } from "../server/src/app.ts";
import { type Database, openDatabase } from "../server/src/database/open.ts";

/** Serves on a port of its own in this process. It tells its port, and its memory when asked. */
export async function serve(options: Omit<AppOptions, "database">): Promise<Database> {
  const database = await openDatabase({ place: { url: process.env["DATABASE_URL"]! }, log: () => undefined });
  const rateLimits = { requestsPerMinute: Number.MAX_SAFE_INTEGER };
  const app = await createApp({ database, rateLimits, ...options });
  await app.listen({ port: 0, host: "127.0.0.1" });
  // For the service that is measured: it is one that was started before.
  flushCompileCache();
  const address = app.server.address();
  process.send!({ port: typeof address === "object" ? address?.port : undefined });
  process.on("message", () => {
    (globalThis as { gc?: () => void }).gc?.();
    process.send!({ residentBytes: process.memoryUsage.rss() });
  });
  process.on("disconnect", () => process.exit());
  return database;
}
