import type { Logger } from "pino";
import type { OperatorPool } from "../../database/pools.ts";
import { causeOf } from "../../logging/error-cause.ts";
import { makeEndpointsDue } from "./endpoint-queue.ts";

/** Writes of an enterprise within this time wake its endpoints once. */
const gatherMs = 100;

export type JournalWake = {
  /** The journal of the enterprise has grown. */
  wake(enterpriseId: string): void;
  stop(): void;
};

/** Makes the endpoints of an enterprise due soon after it was written to. */
export function openJournalWake(
  operator: OperatorPool,
  { clock, log, nudge }: { clock: () => Date; log: Logger; nudge: () => void },
): JournalWake {
  const enterpriseIds = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  let isStopped = false;

  /** An enterprise with a write in progress is skipped until the next run. */
  async function wakeAll(): Promise<void> {
    const written = [...enterpriseIds];
    enterpriseIds.clear();
    await makeEndpointsDue(operator, written, clock()).then(nudge, (error) => {
      log.warn({ event: "webhooks-not-woken", cause: causeOf(error) }, "webhooks not woken");
    });
    timer = undefined;
    if (enterpriseIds.size > 0) wakeSoon();
  }

  function wakeSoon(): void {
    if (!isStopped) timer ??= setTimeout(wakeAll, gatherMs);
  }

  return {
    wake(enterpriseId) {
      enterpriseIds.add(enterpriseId);
      wakeSoon();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
