import { flushCompileCache } from "node:module";
import { type AppOptions, createApp } from "../server/src/app.ts";
import { type Database, openDatabase } from "../server/src/database/open.ts";

/** Serves the app on a free port. Sends its port to the parent process, and its memory use on each message. */
export async function serve(options: Omit<AppOptions, "database">): Promise<Database> {
  const database = await openDatabase({ place: { url: process.env["DATABASE_URL"]! }, log: () => undefined });
  const rateLimits = { requestsPerMinute: Number.MAX_SAFE_INTEGER };
  const app = await createApp({ database, rateLimits, ...options });
  await app.listen({ port: 0, host: "127.0.0.1" });
  // The measured service starts with a warm compile cache, like any start but the first.
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
