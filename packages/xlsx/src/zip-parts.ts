import { open as openFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { xlsxError } from "./xlsx-error.ts";

const partsMax = 10_000;

/** The parts of a workbook, which is a zip archive, by name. Names are case-insensitive. */
export class ZipParts {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  #bytesLeft: number;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, inflatedBytesMax: number) {
    this.#zip = zip;
    this.#entries = entries;
    this.#bytesLeft = inflatedBytesMax;
  }

  static async open(path: string, inflatedBytesMax: number): Promise<ZipParts> {
    await requireZipFile(path);
    const zip = await openPromise(path, { autoClose: false }).catch(throwDamaged);
    try {
      const entries = new Map<string, Entry>();
      for await (const entry of entriesOf(zip)) {
        if (entries.size === partsMax) throw xlsxError("TOO_MANY_PARTS");
        entries.set(entry.fileName.toLowerCase(), entry);
      }
      return new ZipParts(zip, entries, inflatedBytesMax);
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** Reads a part. Its size counts towards the limit of inflated bytes of this file. */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name.toLowerCase());
    if (!entry) throw xlsxError("PART_MISSING", { part: name });
    if (entry.isEncrypted()) {
      throw xlsxError("ENCRYPTED");
    }
    // yauzl inflates no more bytes than the entry declares.
    this.#bytesLeft -= entry.uncompressedSize;
    if (this.#bytesLeft < 0) throw xlsxError("TOO_LARGE");
    let checksum = 0;
    try {
      for await (const chunk of await this.#zip.openReadStreamPromise(entry)) {
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    } catch (error) {
      throwDamaged(error);
    }
    if (checksum !== entry.crc32) throw xlsxError("ARCHIVE_DAMAGED");
  }

  close(): void {
    this.#zip.close();
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    throwDamaged(error);
  }
}

/** Rethrows disk errors; any other error means that the file is damaged. */
function throwDamaged(error: unknown): never {
  if (error instanceof Error && "syscall" in error) throw error;
  throw xlsxError("ARCHIVE_DAMAGED", {}, error);
}

const compoundFile = Buffer.from("d0cf11e0a1b11ae1", "hex");
const localHeader = Buffer.from("PK\u0003\u0004");
const inUtf16 = (text: string) => Buffer.from(text, "utf16le");

/** Workbooks with a password and those of Excel 97-2003 are OLE compound files. */
async function requireZipFile(path: string): Promise<void> {
  const file = await openFile(path);
  try {
    const bytesAt = async (position: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    const head = await bytesAt(0, 512);
    if (head.length === 0) throw xlsxError("EMPTY");
    if (head.length === 512 && head.subarray(0, 8).equals(compoundFile)) {
      const sectorBytes = 2 ** Math.min(head.readUInt16LE(30), 16);
      const directory = await bytesAt((head.readUInt32LE(48) + 1) * sectorBytes, 4096);
      throw directory.includes(inUtf16("EncryptedPackage"))
        ? xlsxError("ENCRYPTED")
        : xlsxError("LEGACY_FORMAT");
    }
    if (!head.subarray(0, 4).equals(localHeader)) throw xlsxError("NOT_A_WORKBOOK");
  } finally {
    await file.close();
  }
}
