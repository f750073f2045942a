import type { StallTimeout } from "./stall-timeout.ts";

/** A downloaded file, streamed while it is read. */
export type FileAnswer = {
  /** Value of the `Content-Type` header. */
  type: string;
  /** File name from `Content-Disposition`; null without one. */
  name: string | null;
  body: ReadableStream<Uint8Array>;
  /** Reads the whole file as text. */
  text(): Promise<string>;
  headers: Headers;
};

export function fileFromResponse(response: Response, stallTimeout: StallTimeout): FileAnswer {
  const { headers } = response;
  const body = withStallTimeout(response, stallTimeout);
  return {
    type: headers.get("content-type") ?? "",
    name: parseFileName(headers.get("content-disposition") ?? ""),
    body,
    text: () => new Response(body).text(),
    headers,
  };
}

/** Applies the timeout only while a read is pending, so that a slow consumer causes no timeout. */
function withStallTimeout(
  response: Response,
  stallTimeout: StallTimeout,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  const { origin } = new URL(response.url);
  return new ReadableStream(
    {
      async pull(controller) {
        stallTimeout.restart();
        try {
          const next = await reader?.read();
          if (next?.value) controller.enqueue(next.value);
          else controller.close();
        } catch (cause) {
          throw stallTimeout.errorOf(cause, {
            timedOut: `${origin} sent nothing more for`,
            broken: `${origin} closed the connection during its answer`,
          });
        } finally {
          stallTimeout.pause();
        }
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** RFC 6266: prefers `filename*` over `filename`. */
function parseFileName(disposition: string): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // Malformed encoding: fall back to `filename`.
    }
  }
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1]?.trim() ?? null;
}
