import type { ListEnd } from "@clientele/contract/envelopes";
import type { Position } from "./cursor.ts";
import type { CustomerRow } from "./render.ts";
import { renderedWidth } from "./store.ts";

export type PageOptions = {
  page: number;
  limit: number;
  write: (row: CustomerRow) => string;
  cursorOf: (position: Position) => string;
};

/** Takes the rows of a list statement as they come, and knows at the end what follows them. */
export function openPage({ page, limit, write, cursorOf }: PageOptions) {
  let written = 0;
  let last: CustomerRow | undefined;
  let total: number | null = null;
  let hasNext = false;
  return {
    /** A row as JSON, or null for one that is not of the page: the total, and the first row of the next page. */
    write(row: CustomerRow): string | null {
      if (row[0] === null) {
        total = Number(row.at(-1));
        return null;
      }
      if (written === limit) {
        hasNext = true;
        return null;
      }
      written++;
      last = row;
      return write(row);
    },
    end(): ListEnd {
      if (!hasNext || !last) return { total, nextCursor: null };
      const keys = [...last.slice(renderedWidth, -1), last[0]!] as string[];
      return { total, nextCursor: cursorOf({ page, keys }) };
    },
  };
}

export type Page = ReturnType<typeof openPage>;

/** All rows at once, with commas between. */
export function writeRows(page: Page, rows: readonly CustomerRow[]): string {
  let text = "";
  for (const row of rows) {
    const item = page.write(row);
    if (item !== null) text += text === "" ? item : `,${item}`;
  }
  return text;
}

const chunkLength = 256 * 1024;

/** The rows of a stream in chunks, with commas between the items of each. Closes the stream. */
export async function* streamRows(
  page: Page,
  first: readonly CustomerRow[],
  rest: AsyncGenerator<CustomerRow[]>,
): AsyncGenerator<string, ListEnd> {
  try {
    let text = "";
    for (let rows = first; ; ) {
      for (const row of rows) {
        const item = page.write(row);
        if (item === null) continue;
        text += text === "" ? item : `,${item}`;
        if (text.length < chunkLength) continue;
        yield text;
        text = "";
      }
      const next = await rest.next();
      if (next.done) break;
      rows = next.value;
    }
    yield text;
    return page.end();
  } finally {
    await rest.return(undefined);
  }
}
