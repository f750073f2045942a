/** Work that waits in a queue: each kind has a queue definition in `background-jobs.ts`. */
export type JobKind = "import" | "webhook";

/** Work that is repeated: each kind has a periodic job in `service.ts`. */
export type PeriodicKind = "default-fields" | "purge" | "usage";

/** Data that is deleted after a time: each kind has a purge in `service.ts`. */
export type PurgeKind = "idempotency-keys" | "imports" | "journal" | "sign-ins" | "webhook-deliveries";
