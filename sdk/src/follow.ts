import type { Static } from "@clientele/contract/formats";
import type { ImportJob as ImportJobSchema } from "@clientele/contract/import-jobs";
import { ClienteleError } from "./error.ts";
import type { FileAnswer } from "./file-answer.ts";
import type { CallOptions } from "./operation.ts";
import { backoffMs, delayMsAfter, pause, type RetryPolicy } from "./retry.ts";

export type ImportJob = Static<typeof ImportJobSchema>;

export type FollowOptions = Pick<CallOptions, "signal" | "timeoutMs" | "companyId"> & {
  /** How long the service may be away before it is given up. Default: ten minutes. */
  awayMaxMs?: number;
  /** Told each time that the service was not reached and will be asked again. */
  onAway?: (error: ClienteleError) => void;
};

/** The two ways to look at an import, each tried as often as it is told. */
type Looks = {
  stream(retry: RetryPolicy): Promise<FileAnswer>;
  fetch(retry: RetryPolicy): Promise<ImportJob>;
};

const finalPhases: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);

/** Nothing more will become of the import. */
export const isFinal = ({ phase }: Pick<ImportJob, "phase">): boolean => finalPhases.has(phase);

/** By server-sent events; by asking again and again where something in between does not let them through. */
export async function* followed(
  looks: Looks,
  policy: RetryPolicy,
  { signal, awayMaxMs = 600_000, onAway = () => undefined }: FollowOptions,
): AsyncGenerator<ImportJob, void, undefined> {
  const once = { ...policy, triesMax: 1 };
  const forever = { ...policy, triesMax: Number.POSITIVE_INFINITY };
  let canStream = true;
  let last = "";
  let awaySinceMs: number | null = null;
  for (let tries = 1; ; tries++) {
    let delayMs: number | null = null;
    const before = last;
    try {
      for await (const job of canStream ? streamed(looks.stream(once)) : [await looks.fetch(once)]) {
        awaySinceMs = null;
        const told = JSON.stringify(job);
        if (told !== last) {
          last = told;
          tries = 0;
          yield job;
        }
        if (isFinal(job)) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ClienteleError)) throw error;
      const isSilent = error.code === "TIMED_OUT" && last === before;
      if (canStream && (isSilent || noStreams.has(error.code))) {
        canStream = false;
        continue;
      }
      delayMs = delayMsAfter(error, Math.max(tries, 1), forever);
      awaySinceMs ??= Date.now();
      if (delayMs === null || Date.now() - awaySinceMs > awayMaxMs) throw error;
      onAway(error);
    }
    await pause(delayMs ?? backoffMs(Math.max(tries, 1), policy), signal);
  }
}

// An older service, or a proxy that answers itself.
const noStreams: ReadonlySet<string> = new Set(["ROUTE_NOT_FOUND", "ANSWER_UNKNOWN"]);

async function* streamed(answer: Promise<FileAnswer>): AsyncGenerator<ImportJob, void, undefined> {
  const { body } = await answer;
  // Loaded by whoever follows: most programs, and most pages, never do.
  const { createParser } = await import("eventsource-parser");
  const arrived: ImportJob[] = [];
  const parser = createParser({ onEvent: ({ data }) => arrived.push(JSON.parse(data)) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* arrived.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
