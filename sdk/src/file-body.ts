import type { Watch } from "./watch.ts";

/** The bytes of a file. A Blob can be sent again; of a stream each byte is there once. */
export type FileBytes = Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A file as the body of a call: `client.createImport({ body: { file, type: "text/csv", name: "people.csv" } })`. */
export type FileBody = {
  /**
   * A stream is sent while it is read, and so only once: a call that fails after its first byte is not tried again.
   * A function that opens the file anew is asked on every try. Browsers send streams by HTTP/2 alone, and a Blob
   * always.
   */
  file: FileBytes | (() => FileBytes | Promise<FileBytes>);
  /** Media type: `text/csv`, … */
  type: string;
  /** What people call the file. */
  name?: string;
  /** When the bytes are packed already. */
  contentEncoding?: "gzip";
};

/** A file on one try of a call. */
type OpenFile = {
  content: Blob | ReadableStream<Uint8Array<ArrayBuffer>>;
  /** What the caller's own stream failed with. */
  failure: { error: unknown } | null;
};

export type OutgoingFile = {
  /** Whether a try would send the whole of it. */
  canBeSent(): boolean;
  open(watch: Watch): Promise<OpenFile>;
  /** Lets go of a stream that was never sent. */
  close(): Promise<unknown>;
};

type Source = { next(): Promise<IteratorResult<Uint8Array, unknown>>; stop(): Promise<unknown> };

/** A file that goes out; what can be sent only once knows whether it was. */
export function outgoingFile({ file }: FileBody): OutgoingFile {
  const again = { canBeSent: () => true, close: async () => undefined };
  if (typeof file === "function") return { ...again, open: async (watch) => opened(await file(), watch) };
  if (file instanceof Blob) return { ...again, open: async (watch) => opened(file, watch) };
  const source = sourceOf(file);
  let isTouched = false;
  const touch = () => {
    isTouched = true;
  };
  return {
    canBeSent: () => !isTouched,
    open: async (watch) => openedSource(source, watch, touch),
    close: async () => (isTouched ? undefined : source.stop()),
  };
}

function opened(bytes: FileBytes, watch: Watch): OpenFile {
  if (!(bytes instanceof Blob)) return openedSource(sourceOf(bytes), watch);
  // How far a Blob has come is not told.
  watch.rest();
  return { content: bytes, failure: null };
}

function openedSource(source: Source, watch: Watch, onTouched = () => {}): OpenFile {
  let isTouched = false;
  const it: OpenFile = {
    failure: null,
    content: new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        async pull(controller) {
          isTouched = true;
          onTouched();
          // Now the caller is waited for, not the service.
          watch.rest();
          try {
            const { done, value } = await source.next();
            if (done) controller.close();
            else controller.enqueue(value as Uint8Array<ArrayBuffer>);
            watch.moved();
          } catch (error) {
            it.failure = { error };
            throw error;
          }
        },
        async cancel() {
          if (isTouched) await source.stop();
        },
      },
      // Nothing is read ahead: what was never asked for can still be sent on the next try.
      { highWaterMark: 0 },
    ),
  };
  return it;
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
