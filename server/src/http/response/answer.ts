import { type File, type ListEnd, type Single, WrittenJson } from "@clientele/contract/envelopes";
import type { Route } from "@clientele/contract/route";

const written = (data: unknown): string => (data instanceof WrittenJson ? data.text : JSON.stringify(data));

type Page = { page: number; limit: number };
type StreamedList = Page & { data: AsyncGenerator<Uint8Array, ListEnd> };
type WrittenList = Page & ListEnd & { data: Uint8Array };

/** The body of a route that answers with objects, in its envelope. */
export function bodyOf(route: Route, answer: unknown): string {
  if (route.shape === "bare") return JSON.stringify(answer);
  if (route.shape === "single") return `{"data":${written((answer as Single<unknown>).data)},"status":1}`;
  const list = answer as Page & ListEnd & { data: readonly unknown[] };
  return `{"data":${JSON.stringify(list.data)}${tailOf(list, list)}`;
}

const head = Buffer.from('{"data":[');

/** The body of a list that is already serialized. */
export const bytesOf = (list: WrittenList): Buffer =>
  Buffer.concat([head, list.data, Buffer.from(`]${tailOf(list, list)}`)]);

/** The part of a list's body after the rows. */
function tailOf({ page, limit }: Page, { total, nextCursor }: ListEnd): string {
  const totalPages = total === null ? null : Math.ceil(total / limit);
  const meta = {
    page,
    limit,
    totalItems: total,
    totalPages,
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
  return `,"total":${total},"meta":${JSON.stringify(meta)},"status":1}`;
}

const dataOf = (answer: unknown): unknown => (answer as { data?: unknown } | undefined)?.data;

export const isWritten = (answer: unknown): answer is WrittenList => dataOf(answer) instanceof Uint8Array;

export const isStreamed = (answer: unknown): answer is StreamedList => {
  const data = dataOf(answer);
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
};

/**
 * The body of a list, serialized while it is sent. The first chunk contains the first rows, so an error before them can
 * still become an error response.
 */
export async function* streamOf(list: StreamedList): AsyncGenerator<Uint8Array> {
  const { data } = list;
  try {
    let next = await data.next();
    yield next.done ? head : Buffer.concat([head, next.value]);
    while (!next.done) {
      next = await data.next();
      yield next.done ? Buffer.from(`]${tailOf(list, next.value)}`) : next.value;
    }
  } finally {
    await data.return({ total: null });
  }
}

export const isFile = (answer: unknown): answer is File =>
  typeof answer === "object" && answer !== null && "pieces" in answer;

/** The headers of a file: browsers save a file with a name instead of showing it. */
export const headersOfFile = ({ type, name }: File): Record<string, string> => ({
  "content-type": type,
  // A buffering proxy would hold events back.
  ...(type === "text/event-stream" ? { "x-accel-buffering": "no" } : {}),
  ...(name === undefined
    ? {}
    : { "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}` }),
});
