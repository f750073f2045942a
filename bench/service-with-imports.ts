import type { ImportWorkerData } from "../server/src/import-worker.ts";
import { keepThread } from "../server/src/jobs/thread.ts";
import { openLog } from "../server/src/log.ts";
import { serve } from "./serve.ts";

/** The service under test, with the thread that imports. */
const worker = keepThread(new URL("../server/src/import-worker.ts", import.meta.url), openLog("error"));
const { connection } = await serve({ onAccepted: worker.nudge });
worker.start({ connection, logLevel: "error", isAlone: true } satisfies ImportWorkerData);
