// biome-ignore-all lint/style/noNonNullAssertion: offsets are written before they are read, and a workbook has millions.
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { LRUCache } from "lru-cache";
import { cellTextOf } from "./cell-text.ts";
import { xlsxError } from "./xlsx-error.ts";
import { readXml } from "./xml.ts";
import type { ZipParts } from "./zip-parts.ts";

const pageStrings = 32;
const cachedCharacters = 4_000_000;
const unwrittenBytesMax = 1_000_000;
/** Memory of a string besides its characters. */
const stringBytes = 32;

type Page = readonly string[];

/**
 * The texts that cells reference by number. There can be millions: they are paged to a temporary file with an LRU cache
 * in memory, so a small workbook needs no file. Texts are read lazily.
 */
export class SharedStrings {
  readonly #path: string;
  readonly #source: AsyncGenerator<void>;
  #page: string[] = [];
  readonly #pages = new LRUCache<number, Page>({
    maxSize: cachedCharacters,
    sizeCalculation: (page) => page.reduce((size, it) => size + it.length + stringBytes, 0),
  });
  /** Start of each page in the file, and of the next one. */
  readonly #offsets: number[] = [0];
  #unwritten: Buffer[] = [];
  #writtenBytes = 0;
  #file: number | null = null;

  /** @param path of the temporary file, which is removed while it is open. */
  constructor(parts: ZipParts, part: string | undefined, path: string) {
    this.#path = `${path}.${randomUUID()}`;
    this.#source = part === undefined ? nothing() : this.#read(parts, part);
  }

  /** Reads on until that string is available. */
  async reach(index: number): Promise<void> {
    while (index >= this.#count) {
      const { done } = await this.#source.next();
      if (done && index >= this.#count) {
        throw xlsxError("TEXT_MISSING");
      }
    }
  }

  get(index: number): string {
    const number = Math.floor(index / pageStrings);
    const page = number === this.#fullPages ? this.#page : (this.#pages.get(number) ?? this.#load(number));
    return page[index % pageStrings]!;
  }

  async close(): Promise<void> {
    await this.#source.return(undefined);
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  get #fullPages(): number {
    return this.#offsets.length - 1;
  }

  get #count(): number {
    return this.#fullPages * pageStrings + this.#page.length;
  }

  #read(parts: ZipParts, part: string): AsyncGenerator<void> {
    const text = cellTextOf();
    return readXml(parts.read(part), part, "sst", {
      open: (name, attributes) => {
        if (name === "si") text.begin();
        else text.open(name, attributes);
      },
      text: (piece) => text.add(piece),
      close: (name) => {
        if (name === "si") this.#add(text.end());
        else text.close(name);
      },
    });
  }

  #add(text: string): void {
    this.#page.push(text);
    if (this.#page.length < pageStrings) return;
    const bytes = Buffer.from(JSON.stringify(this.#page));
    this.#pages.set(this.#fullPages, this.#page);
    this.#offsets.push(this.#offsets.at(-1)! + bytes.length);
    this.#page = [];
    this.#unwritten.push(bytes);
    if (this.#offsets.at(-1)! - this.#writtenBytes > unwrittenBytesMax) this.#write();
  }

  #write(): void {
    this.#file ??= openUnseen(this.#path);
    const bytes = Buffer.concat(this.#unwritten);
    let done = 0;
    while (done < bytes.length)
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#writtenBytes + done);
    this.#writtenBytes += bytes.length;
    this.#unwritten = [];
  }

  #load(number: number): Page {
    const begin = this.#offsets[number]!;
    const end = this.#offsets[number + 1]!;
    if (end > this.#writtenBytes) this.#write();
    const bytes = Buffer.allocUnsafe(end - begin);
    let done = 0;
    while (done < bytes.length) done += readSync(this.#file!, bytes, done, bytes.length - done, begin + done);
    const page: Page = JSON.parse(bytes.toString());
    this.#pages.set(number, page);
    return page;
  }
}

async function* nothing(): AsyncGenerator<void> {}

/** Opens a file that disappears when it is closed or the process ends. */
function openUnseen(path: string): number {
  const file = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  return file;
}
