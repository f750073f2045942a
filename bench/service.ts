import { createApp } from "../server/src/app.ts";
import { openDatabase } from "../server/src/database/open.ts";

/** The service under test, in a process of its own. It tells its port, and its memory when asked. */
const database = await openDatabase({ place: { url: process.env["DATABASE_URL"]! }, log: () => undefined });
const app = await createApp({ database, rateLimits: { requestsPerMinute: Number.MAX_SAFE_INTEGER } });
await app.listen({ port: 0, host: "127.0.0.1" });
const address = app.server.address();
process.send!({ port: typeof address === "object" ? address?.port : undefined });
process.on("message", () => {
  (globalThis as { gc?: () => void }).gc?.();
  process.send!({ residentBytes: process.memoryUsage.rss() });
});
process.on("disconnect", () => process.exit());
