import type { ListEnd } from "@clientele/contract/envelopes";
import { required } from "../../validation/required.ts";
import type { CustomerRow } from "../customer-json.ts";
import type { Position } from "./cursor.ts";

export type PageOptions = {
  page: number;
  limit: number;
  /** Columns of a row before those that it is sorted by. */
  width: number;
  write: (row: CustomerRow) => string;
  cursorOf: (position: Position) => string;
};

/** A page being written: it takes the rows of a list's statements as they come, and knows at the end what follows. */
export class Page {
  private readonly options: PageOptions;
  private count = 0;
  private last: CustomerRow | undefined;
  private hasNext = false;
  private total: number | null = null;
  private bytes = Buffer.allocUnsafe(0);
  private length = 0;
  private room = roomBytes;

  constructor(options: PageOptions) {
    this.options = options;
  }

  /** Writes the row, unless it is the total or the first one of the next page. */
  add(row: CustomerRow): void {
    if (row[0] === null) this.total = Number(row.at(-1));
    else if (this.count === this.options.limit) this.hasNext = true;
    else {
      // Encoded customer by customer: as one long text of many parts it takes twice as long.
      this.append(`${this.count === 0 ? "" : ","}${this.options.write(row)}`);
      this.count++;
      this.last = row;
    }
  }

  /** A chunk is full: it should be taken. */
  get isFull(): boolean {
    return this.length >= chunkBytes;
  }

  /** What was written since it was last taken: items with commas between them. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.allocUnsafe(0);
    this.length = 0;
    return taken;
  }

  end(): ListEnd {
    const { total, last, hasNext } = this;
    if (!hasNext || !last) return { total, nextCursor: null };
    const keys = [...last.slice(this.options.width, -1), required(last[0], "the last row's id")] as string[];
    return { total, nextCursor: this.options.cursorOf({ page: this.options.page, keys }) };
  }

  private append(text: string): void {
    const needed = this.length + text.length * utf8BytesMax;
    if (needed > this.bytes.length) {
      // As much as the chunk before took, and twice that when it is not enough.
      while (this.room < needed) this.room *= 2;
      const larger = Buffer.allocUnsafe(this.room);
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    this.length += this.bytes.write(text, this.length);
  }
}

const chunkBytes = 256 * 1024;
const roomBytes = 64 * 1024;
// Of one UTF-16 unit.
const utf8BytesMax = 3;

/** The rows of a stream in chunks. Closes the stream. */
export async function* streamPage(
  page: Page,
  first: readonly CustomerRow[],
  rest: AsyncGenerator<CustomerRow[]>,
): AsyncGenerator<Uint8Array, ListEnd> {
  try {
    for (let rows = first; ; ) {
      for (const row of rows) {
        page.add(row);
        if (page.isFull) yield page.take();
      }
      const next = await rest.next();
      if (next.done) break;
      rows = next.value;
    }
    yield page.take();
    return page.end();
  } finally {
    await rest.return(undefined);
  }
}
