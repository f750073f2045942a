import type { File } from "@clientele/contract/envelopes";

/** A proxy takes a stream for dead that says nothing for long. */
export const aliveEveryMs = 15_000;

/** Server-sent events as an answer, until whoever follows leaves, or the service stops. */
export function eventStream(
  stopping: AbortSignal,
  eventsUntil: (signal: AbortSignal) => AsyncGenerator<Uint8Array, undefined>,
): File {
  const left = new AbortController();
  const events = eventsUntil(AbortSignal.any([left.signal, stopping]));
  const iterator = {
    next: () => events.next(),
    // A generator hears of it at its next event, which may be hours away.
    return: async () => {
      left.abort();
      return events.return(undefined);
    },
  };
  return { type: "text/event-stream", pieces: { [Symbol.asyncIterator]: () => iterator } };
}
