import { type List, type Single, WrittenJson } from "@clientele/contract/envelopes";
import type { Route } from "@clientele/contract/route";

const written = (data: unknown): string => (data instanceof WrittenJson ? data.text : JSON.stringify(data));

/** The body of a route that does not stream, in its envelope. */
export function bodyOf(route: Route, answer: unknown): string {
  if (route.shape === "bare") return JSON.stringify(answer);
  if (route.shape === "single") return `{"data":${written((answer as Single<unknown>).data)},"status":1}`;
  const list = answer as List<unknown>;
  return `{"data":${JSON.stringify(list.data)}${tailOf(list)}`;
}

/** What follows the rows of a list. */
export function tailOf({ total, page, limit, nextCursor }: List<unknown>): string {
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

export const isStreamed = (answer: unknown): answer is List<unknown> & { data: AsyncIterable<string> } =>
  typeof answer === "object" &&
  answer !== null &&
  "data" in answer &&
  typeof answer.data === "object" &&
  answer.data !== null &&
  Symbol.asyncIterator in answer.data;

/**
 * The body of a list whose rows come in chunks of JSON text. The first piece has the first rows in it, so what goes
 * wrong before them can still become an error answer.
 */
export async function* streamOf(
  list: List<unknown> & { data: AsyncIterable<string> },
): AsyncGenerator<string> {
  let before = '{"data":[';
  for await (const chunk of list.data) {
    if (chunk === "") continue;
    yield before + chunk;
    before = ",";
  }
  yield before === "," ? `]${tailOf(list)}` : `${before}]${tailOf(list)}`;
}
