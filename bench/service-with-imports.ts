import { openLog } from "../server/src/logging/log.ts";
import { superviseThread } from "../server/src/process/worker-thread.ts";
import type { WorkerData } from "../server/src/worker.ts";
import { serve } from "./serve.ts";

/** The service under test with its import thread. */
const worker = superviseThread(new URL("../server/src/worker.ts", import.meta.url), openLog("error"));
const { connection } = await serve({ onAccepted: worker.nudge });
worker.start({ connection, logLevel: "error", isAlone: true, webhookAllow: "" } satisfies WorkerData);
