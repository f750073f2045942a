import { serve } from "./serve.ts";

/** The service under test without its import thread. */
await serve({});
