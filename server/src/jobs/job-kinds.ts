/** Queued work: each kind has a queue definition in `background-jobs.ts`. */
export type JobKind = "import" | "webhook";

/** Repeated work: each kind has a periodic job in `periodic-jobs.ts`. */
export type PeriodicKind = "default-fields" | "missed-changes" | "purge" | "settle-positions" | "usage";

/** Data with a retention period: each kind has a purge in `periodic-jobs.ts`. */
export type PurgeKind = "idempotency-keys" | "imports" | "journal" | "sign-ins" | "webhook-deliveries";
