import { serve } from "./serve.ts";

/** The service under test, for requests alone. */
await serve({});
