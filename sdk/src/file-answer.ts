import type { Watch } from "./watch.ts";

/** A file as it is answered: its bytes come while they are read. */
export type FileAnswer = {
  /** Media type, as the header has it. */
  type: string;
  /** What the file is called; null of what is not for keeping. */
  name: string | null;
  body: ReadableStream<Uint8Array>;
  /** All of it, as text. */
  text(): Promise<string>;
  headers: Headers;
};

export function fileAnswerOf(response: Response, watch: Watch): FileAnswer {
  const { headers } = response;
  const body = watched(response, watch);
  return {
    type: headers.get("content-type") ?? "",
    name: nameIn(headers.get("content-disposition") ?? ""),
    body,
    text: () => new Response(body).text(),
    headers,
  };
}

/** The bytes as they come. That nobody reads them for a while is no fault of the service. */
function watched(response: Response, watch: Watch): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  const { origin } = new URL(response.url);
  return new ReadableStream(
    {
      async pull(controller) {
        watch.moved();
        try {
          const next = await reader?.read();
          if (next?.value) controller.enqueue(next.value);
          else controller.close();
        } catch (cause) {
          throw watch.problemOf(cause, {
            late: `${origin} sent nothing more for`,
            broken: `${origin} broke off its answer`,
          });
        } finally {
          watch.rest();
        }
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** RFC 6266: the name in any language, or else the plain one. */
function nameIn(disposition: string): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // Not written as it must be; the plain name is left.
    }
  }
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1]?.trim() ?? null;
}
