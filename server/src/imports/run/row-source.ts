import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { importFileBytesMax } from "@clientele/contract/import-jobs";
import { readCsv } from "../files/csv.ts";
import { decoded, inUtf8 } from "../files/decode.ts";
import { readJsonRows } from "../files/json.ts";
import { readNdjson } from "../files/ndjson.ts";
import type { Bytes, RecordRow, Table, TableRow } from "../files/table.ts";
import type { StoredFile } from "../files/upload-storage.ts";
import { readWorkbook } from "../files/xlsx.ts";
import type { ImportOptions } from "../job/options.ts";

/** A row of a file: cells under headings, or an object. */
export type SourceRow = TableRow | RecordRow;

export type Source = {
  /** Null for a file whose rows are objects. */
  headings: readonly string[] | null;
  batches: AsyncIterable<readonly SourceRow[]>;
  close(): Promise<void>;
};

/** Streams the rows of a file of any format; only a few chunks of it are in memory. */
export async function openSource(
  file: Pick<StoredFile, "type" | "encoding">,
  bytes: Bytes,
  options: Pick<ImportOptions, "delimiter" | "encoding" | "sheet">,
): Promise<Source> {
  const close = async () => undefined;
  if (file.type === "xlsx") return openWorkbook(bytes, options.sheet);
  if (file.type === "json")
    return { headings: null, batches: readJsonRows(inUtf8(bytes, file.encoding ?? "utf-8")), close };
  const encoding = options.encoding ?? file.encoding ?? "utf-8";
  if (file.type === "ndjson") return { headings: null, batches: readNdjson(inUtf8(bytes, encoding)), close };
  const text = decoded(bytes, encoding);
  const { delimiter } = options;
  const table = await readCsv(
    text,
    delimiter === null ? {} : { delimiter: delimiter === "tab" ? "\t" : delimiter },
  );
  return { ...tableOf(table), close };
}

/** A workbook's parts are read out of order, so it is copied to a temporary file. */
async function openWorkbook(bytes: Bytes, sheet: string | null): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), "clientele-import-"));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, "workbook.xlsx");
    await pipeline(Readable.from(bytes), createWriteStream(path));
    const table = await readWorkbook(path, {
      ...(sheet === null ? {} : { sheet }),
      inflatedBytesMax: importFileBytesMax,
    });
    return { ...tableOf(table), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const tableOf = ({ headings, rows }: Table) => ({ headings, batches: rows });

/** Rows of one transaction. */
const chunkRows = 2_500;

export type SourceChunk = { position: number; firstRow: number; rows: SourceRow[] };

/** The rows in chunks from one position on. Chunks are the same every time the file is read. */
export async function* chunksOf({ batches }: Source, from: number): AsyncGenerator<SourceChunk> {
  let position = 0;
  let rows: SourceRow[] = [];
  const chunk = (): SourceChunk => ({ position, firstRow: position * chunkRows, rows });
  for await (const batch of batches) {
    for (const row of batch) {
      rows.push(row);
      if (rows.length < chunkRows) continue;
      if (position >= from) yield chunk();
      position++;
      rows = [];
    }
  }
  if (rows.length > 0 && position >= from) yield chunk();
}
