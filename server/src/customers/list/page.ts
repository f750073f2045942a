import type { ListEnd } from "@clientele/contract/envelopes";
import { required } from "../../validation/required.ts";
import type { CustomerRow } from "../customer-json.ts";
import type { Position } from "./cursor.ts";

export type PageOptions = {
  page: number;
  limit: number;
  /** Number of columns of a row before its sort keys. */
  width: number;
  write: (row: CustomerRow) => string;
  cursorOf: (position: Position) => string;
};

/** Writes a page from the rows of the list's statements, then returns the total and the next cursor. */
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

  /** Writes the row, unless the row is the total or belongs to the next page. */
  add(row: CustomerRow): void {
    if (row[0] === null) this.total = Number(row.at(-1));
    else if (this.count === this.options.limit) this.hasNext = true;
    else {
      // Encoded customer by customer: encoding one long concatenated string takes twice as long.
      this.append(`${this.count === 0 ? "" : ","}${this.options.write(row)}`);
      this.count++;
      this.last = row;
    }
  }

  /** Whether the chunk is full and should be taken. */
  get isFull(): boolean {
    return this.length >= chunkBytes;
  }

  /** The JSON written since the last call: items separated by commas. */
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
      // The size of the previous chunk, doubled when it is not enough.
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
// Bytes per UTF-16 unit.
const utf8BytesMax = 3;

/** Writes the rows of a stream in chunks and closes the stream. */
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
