import type { Static } from "@clientele/contract/formats";
import type { ImportJob as ImportJobSchema } from "@clientele/contract/import-jobs";
import { ClienteleError } from "./error.ts";
import type { FileAnswer } from "./file-response.ts";
import type { CallOptions } from "./operation.ts";
import { backoffMs, pause, type RetryPolicy, retryDelayMs } from "./retry.ts";

export type ImportJob = Static<typeof ImportJobSchema>;

export type FollowOptions = Pick<CallOptions, "signal" | "timeoutMs" | "companyId"> & {
  /** Longest time in ms to wait for an unreachable service. Default: 600,000 (ten minutes). */
  awayMaxMs?: number;
  /** Called each time the service was unreachable and will be retried. */
  onAway?: (error: ClienteleError) => void;
};

/** The two ways to read an import, each with its own retry policy. */
type ImportReaders = {
  stream(retry: RetryPolicy): Promise<FileAnswer>;
  fetch(retry: RetryPolicy): Promise<ImportJob>;
};

const finalPhases: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

/** Whether the import has ended: completed, failed or cancelled. */
export const isFinal = ({ phase }: Pick<ImportJob, "phase">): boolean => finalPhases.has(phase);

/** Follows by server-sent events, or by polling where a proxy does not pass them on. */
export async function* followImport(
  readers: ImportReaders,
  policy: RetryPolicy,
  { signal, awayMaxMs = 600_000, onAway = () => undefined }: FollowOptions,
): AsyncGenerator<ImportJob, void, undefined> {
  const singleTry = { ...policy, triesMax: 1 };
  const unlimitedTries = { ...policy, triesMax: Number.POSITIVE_INFINITY };
  let canStream = true;
  let last = "";
  let awaySinceMs: number | null = null;
  for (let tries = 1; ; tries++) {
    let delayMs: number | null = null;
    const before = last;
    try {
      for await (const job of canStream
        ? jobsFromStream(readers.stream(singleTry))
        : [await readers.fetch(singleTry)]) {
        awaySinceMs = null;
        const snapshot = JSON.stringify(job);
        if (snapshot !== last) {
          last = snapshot;
          tries = 0;
          yield job;
        }
        if (isFinal(job)) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ClienteleError)) throw error;
      const isSilent = error.code === "TIMED_OUT" && last === before;
      if (canStream && (isSilent || streamUnavailableCodes.has(error.code))) {
        canStream = false;
        continue;
      }
      delayMs = retryDelayMs(error, Math.max(tries, 1), unlimitedTries);
      awaySinceMs ??= Date.now();
      if (delayMs === null || Date.now() - awaySinceMs > awayMaxMs) throw error;
      onAway(error);
    }
    await pause(delayMs ?? backoffMs(Math.max(tries, 1), policy), signal);
  }
}

// Sent by an older service, or by a proxy that answers itself.
const streamUnavailableCodes: ReadonlySet<string> = new Set(["ROUTE_NOT_FOUND", "ANSWER_UNKNOWN"]);

async function* jobsFromStream(answer: Promise<FileAnswer>): AsyncGenerator<ImportJob, void, undefined> {
  const { body } = await answer;
  // Loaded on demand: most programs and pages never follow an import.
  const { createParser } = await import("eventsource-parser");
  const received: ImportJob[] = [];
  const parser = createParser({ onEvent: ({ data }) => received.push(JSON.parse(data)) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* received.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
