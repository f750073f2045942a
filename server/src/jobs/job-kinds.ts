/** Work that waits in a queue: each kind has a queue definition in `background-jobs.ts`. */
export type JobKind = "import" | "webhook";
