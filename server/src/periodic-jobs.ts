import type { Pools } from "./database/pools.ts";
import { defaultFieldsJob } from "./enterprises/add-default-fields.ts";
import { idempotencyKeyPurge } from "./http/idempotency/purge.ts";
import { importPurge } from "./imports/job/purge.ts";
import type { PeriodicKind, PurgeKind } from "./jobs/job-kinds.ts";
import { startPeriodic } from "./jobs/periodic.ts";
import { type Purge, purgeJob } from "./jobs/purge.ts";
import { journalPurge } from "./journal/retention.ts";
import { settlePositionsJob } from "./journal/settled-position.ts";
import type { Logger } from "./logging/log.ts";
import { signInPurge } from "./people/purge.ts";
import type { UsageCounter } from "./usage/usage-counter.ts";
import { usageJob } from "./usage/write-usage.ts";
import { missedChangesJob } from "./webhooks/delivery/missed-changes.ts";
import { deliveryPurge } from "./webhooks/delivery/purge.ts";

type PeriodicResources = {
  pools: Pools;
  usage: UsageCounter;
  /** How long the journal is retained; null retains all of it. */
  journalDays: number | null;
  log: Logger;
};

/** Runs every kind of periodic job until the function of its kind is called, which waits for the current run. */
export function startPeriodicJobs({
  pools,
  usage,
  journalDays,
  log,
}: PeriodicResources): Record<PeriodicKind, () => Promise<void>> {
  const purges = {
    "idempotency-keys": idempotencyKeyPurge,
    imports: importPurge,
    "sign-ins": signInPurge(pools.people),
    "webhook-deliveries": deliveryPurge,
    journal: journalPurge(journalDays),
  } satisfies Record<PurgeKind, Purge>;
  return {
    "default-fields": startPeriodic(defaultFieldsJob(pools.operator), log),
    "missed-changes": startPeriodic(missedChangesJob(pools.housekeeping), log),
    purge: startPeriodic(purgeJob(pools, purges, log), log),
    "settle-positions": startPeriodic(settlePositionsJob(pools.housekeeping), log),
    usage: startPeriodic(usageJob(pools.housekeeping, usage, log), log),
  };
}
