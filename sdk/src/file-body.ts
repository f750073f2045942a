import type { StallTimeout } from "./stall-timeout.ts";

/** Content of a file. A Blob can be sent repeatedly, a stream only once. */
export type FileBytes = Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A file as the body of a call: `client.createImport({ body: { file, type: "text/csv", name: "people.csv" } })`. */
export type FileBody = {
  /**
   * A stream can be sent only once: a call that fails after its first byte is not retried. A function is called on
   * every try and opens the file again. Browsers send streams over HTTP/2 only.
   */
  file: FileBytes | (() => FileBytes | Promise<FileBytes>);
  /** Media type: `text/csv`, … */
  type: string;
  /** File name to show to people. */
  name?: string;
  /** Set if the bytes are compressed already. */
  contentEncoding?: "gzip";
};

/** A file during one try of a call. */
type OpenFile = {
  content: Blob | ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The error thrown by the caller's stream. */
  failure: { error: unknown } | null;
};

export type OutgoingFile = {
  /** Whether another try would send the whole file. */
  canBeSent(): boolean;
  open(stallTimeout: StallTimeout): Promise<OpenFile>;
  /** Cancels a stream that was never sent. */
  close(): Promise<unknown>;
};

type Source = { next(): Promise<IteratorResult<Uint8Array, unknown>>; stop(): Promise<unknown> };

/** Wraps a file for sending and tracks whether a stream has been started. */
export function outgoingFile({ file }: FileBody): OutgoingFile {
  const repeatable = { canBeSent: () => true, close: async () => undefined };
  if (typeof file === "function")
    return { ...repeatable, open: async (stallTimeout) => openBytes(await file(), stallTimeout) };
  if (file instanceof Blob)
    return { ...repeatable, open: async (stallTimeout) => openBytes(file, stallTimeout) };
  const source = sourceOf(file);
  let hasStarted = false;
  const markStarted = () => {
    hasStarted = true;
  };
  return {
    canBeSent: () => !hasStarted,
    open: async (stallTimeout) => openSource(source, stallTimeout, markStarted),
    close: async () => (hasStarted ? undefined : source.stop()),
  };
}

function openBytes(bytes: FileBytes, stallTimeout: StallTimeout): OpenFile {
  if (!(bytes instanceof Blob)) return openSource(sourceOf(bytes), stallTimeout);
  // `fetch` does not report the progress of a Blob.
  stallTimeout.pause();
  return { content: bytes, failure: null };
}

function openSource(source: Source, stallTimeout: StallTimeout, onStarted = () => {}): OpenFile {
  let hasStarted = false;
  const openFile: OpenFile = {
    failure: null,
    content: new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        async pull(controller) {
          hasStarted = true;
          onStarted();
          // The timeout does not cover the caller's own stream.
          stallTimeout.pause();
          try {
            const { done, value } = await source.next();
            if (done) controller.close();
            else controller.enqueue(value as Uint8Array<ArrayBuffer>);
            stallTimeout.restart();
          } catch (error) {
            openFile.failure = { error };
            throw error;
          }
        },
        async cancel() {
          if (hasStarted) await source.stop();
        },
      },
      // No read-ahead: an unstarted stream can still be sent on the next try.
      { highWaterMark: 0 },
    ),
  };
  return openFile;
}

function sourceOf(bytes: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>): Source {
  if (bytes instanceof ReadableStream) {
    const reader = bytes.getReader();
    return {
      next: () => reader.read() as Promise<IteratorResult<Uint8Array, unknown>>,
      stop: () => reader.cancel(),
    };
  }
  const iterator = bytes[Symbol.asyncIterator]();
  return { next: () => iterator.next(), stop: async () => iterator.return?.() };
}
