import { type List, type ListEnd, type Single, WrittenJson } from "@clientele/contract/envelopes";
import type { Route } from "@clientele/contract/route";

const written = (data: unknown): string => (data instanceof WrittenJson ? data.text : JSON.stringify(data));

type StreamedList = { page: number; limit: number; data: AsyncGenerator<string, ListEnd> };
type WholeList = Exclude<List<unknown>, StreamedList>;

/** The body of a route that does not stream, in its envelope. */
export function bodyOf(route: Route, answer: unknown): string {
  if (route.shape === "bare") return JSON.stringify(answer);
  if (route.shape === "single") return `{"data":${written((answer as Single<unknown>).data)},"status":1}`;
  const list = answer as WholeList;
  return `{"data":${written(list.data)}${tailOf(list, list)}`;
}

/** What follows the rows of a list. */
function tailOf({ page, limit }: List<unknown>, { total, nextCursor }: ListEnd): string {
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

export const isStreamed = (answer: unknown): answer is StreamedList =>
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
export async function* streamOf(list: StreamedList): AsyncGenerator<string> {
  const { data } = list;
  try {
    let before = '{"data":[';
    for (;;) {
      const next = await data.next();
      if (next.done) {
        yield `${before === "," ? "" : before}]${tailOf(list, next.value)}`;
        return;
      }
      if (next.value === "") continue;
      yield before + next.value;
      before = ",";
    }
  } finally {
    await data.return({ total: null });
  }
}
