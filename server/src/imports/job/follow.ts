import { Problem } from "@clientele/contract/errors";
import type * as contract from "@clientele/contract/import-jobs";
import type { Operation } from "../../call.ts";
import { aliveEveryMs, eventStream } from "../../server-sent-events.ts";
import { pause } from "../../time/pause.ts";
import { answerOf, isFinal } from "./job-answer.ts";
import { fetchJob, type Job } from "./store.ts";

const pollMs = 500;

/** Streams the import's progress until it is over, the client disconnects or the service stops. */
export const followImport: Operation<typeof contract.followImport> = async (
  { database, stopping },
  { params },
) => {
  const job = await fetchJob(database, params.importId);
  if (!job) throw new Problem("IMPORT_NOT_FOUND");
  return eventStream(stopping, (signal) => eventsOf(job, () => fetchJob(database, job.id), signal));
};

async function* eventsOf(
  job: Job,
  poll: () => Promise<Job | undefined>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  let sent = "";
  let quietMs = 0;
  for (let now: Job | undefined = job; now !== undefined; now = await poll()) {
    const data = JSON.stringify(answerOf(now));
    if (isFinal(now)) {
      yield Buffer.from(`event: end\ndata: ${data}\n\n`);
      return;
    }
    quietMs += pollMs;
    if (data !== sent || quietMs >= aliveEveryMs) {
      yield Buffer.from(data === sent ? ": alive\n\n" : `event: progress\ndata: ${data}\n\n`);
      sent = data;
      quietMs = 0;
    }
    await pause(pollMs, signal);
    if (signal.aborted) return;
  }
}
