import type { File } from "@clientele/contract/envelopes";

/** Proxies close idle streams. */
export const aliveEveryMs = 15_000;

/** Streams server-sent events until the client disconnects or the service stops. */
export function eventStream(
  stopping: AbortSignal,
  eventsUntil: (signal: AbortSignal) => AsyncGenerator<Uint8Array, undefined>,
): File {
  const left = new AbortController();
  const events = eventsUntil(AbortSignal.any([left.signal, stopping]));
  const iterator = {
    next: () => events.next(),
    // Without the abort, the generator would end only at its next event, which may be hours away.
    return: async () => {
      left.abort();
      return events.return(undefined);
    },
  };
  return { type: "text/event-stream", pieces: { [Symbol.asyncIterator]: () => iterator } };
}
