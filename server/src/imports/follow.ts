import { Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/import-jobs";
import type { Operation } from "../call.ts";
import { pause } from "../pause.ts";
import { answerOf, isFinal } from "./job-answer.ts";
import { fetchJob, type Job } from "./store.ts";

const lookEveryMs = 500;
/** A proxy takes a stream for dead that says nothing for long. */
const aliveEveryMs = 15_000;

/** The import each time that it has got on, until it is final, whoever follows leaves, or the service stops. */
export const followImport: Operation<typeof contract.followImport> = async (
  { database, stopping },
  { params },
) => {
  const job = await fetchJob(database, params.importId);
  if (!job) throw new Problem("IMPORT_NOT_FOUND");
  const left = new AbortController();
  const events = eventsOf(job, () => fetchJob(database, job.id), AbortSignal.any([left.signal, stopping]));
  const iterator = {
    next: () => events.next(),
    // A generator hears of it at its next event, which may be hours away.
    return: async () => {
      left.abort();
      return events.return(undefined);
    },
  };
  return { type: "text/event-stream", pieces: { [Symbol.asyncIterator]: () => iterator } };
};

async function* eventsOf(
  job: Job,
  look: () => Promise<Job | undefined>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  let told = "";
  let quietMs = 0;
  for (let now: Job | undefined = job; now !== undefined; now = await look()) {
    const data = JSON.stringify(answerOf(now));
    if (isFinal(now)) {
      yield Buffer.from(`event: end\ndata: ${data}\n\n`);
      return;
    }
    quietMs += lookEveryMs;
    if (data !== told || quietMs >= aliveEveryMs) {
      yield Buffer.from(data === told ? ": alive\n\n" : `event: progress\ndata: ${data}\n\n`);
      told = data;
      quietMs = 0;
    }
    await pause(lookEveryMs, signal);
    if (signal.aborted) return;
  }
}
