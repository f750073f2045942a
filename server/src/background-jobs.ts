import type { Logger } from "pino";
import type { Pools } from "./database/pools.ts";
import { importQueue } from "./imports/run/import-queue.ts";
import type { JobKind } from "./jobs/job-kinds.ts";
import { type QueueDefinition, startQueue } from "./jobs/queue-loop.ts";
import { causeOf } from "./logging/error-cause.ts";
import { endpointQueue } from "./webhooks/delivery/endpoint-queue.ts";
import { openJournalWake } from "./webhooks/delivery/journal-wake.ts";
import type { DeliveryContext } from "./webhooks/delivery/process-endpoint.ts";

export type BackgroundJobs = {
  /** A request has queued something. */
  nudge(): void;
  /** The journal of an enterprise has grown. */
  written(enterpriseId: string): void;
  stop(): Promise<void>;
};

export type JobResources = {
  pools: Pick<Pools, "operator" | "service">;
  log: Logger;
  /** No other process uses the database. */
  isAlone: boolean;
  delivery: Pick<DeliveryContext, "keys" | "send">;
};

/** Runs a queue for every kind of job until it is stopped. */
export function startBackgroundJobs({ pools, log, isAlone, delivery }: JobResources): BackgroundJobs {
  const { operator, service: pool } = pools;
  const clock = () => new Date();
  const journal = openJournalWake(operator, { clock, log, nudge: () => running.webhook.nudge() });
  const onError = (error: unknown, requestId: string) =>
    log.error({ event: "import-failed", requestId, cause: causeOf(error) }, "import failed");

  const start = <Lane extends string>(definition: QueueDefinition<Lane>) =>
    startQueue(definition, { operator, log, isAlone });
  const running = {
    import: start(importQueue({ pool, clock, onError }, journal.wake)),
    webhook: start(endpointQueue({ pool, clock, random: Math.random, ...delivery })),
  } satisfies Record<JobKind, ReturnType<typeof startQueue>>;

  const queues = Object.values(running);
  return {
    nudge() {
      for (const queue of queues) queue.nudge();
    },
    written: journal.wake,
    async stop() {
      await Promise.all(queues.map((queue) => queue.stop()));
      journal.stop();
    },
  };
}
