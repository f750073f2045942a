import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";
import { Received } from "@clientele/contract/envelopes";
import { Problem } from "@clientele/contract/errors";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { type Sql, sql } from "../../database/sql.ts";
import { newIdAt } from "../../ids/new-id.ts";
import { type Encoding, encodings, openEncodingDetector } from "./encoding.ts";
import { type FileFormat, formatOf } from "./format.ts";
import type { Bytes } from "./table.ts";

const pieceBytes = 1024 * 1024;
const pack = promisify(gzip);
/** Decompressed at once: larger chunks survive a minor garbage collection and stay until the next major one. */
const partBytes = 64 * 1024;

type Write = <T>(work: (database: EnterpriseDatabase) => Promise<T>) => Promise<T>;
type Upload = {
  type: string;
  name: string;
  bytes: Bytes;
  bytesMax: number;
  now: Date;
  /** The query of the request: an encoding stated there is not detected. */
  query: Readonly<Record<string, unknown>>;
};

/**
 * Stores a file in the database while it arrives, each piece in its own transaction, so that any process can import a
 * file of any size. The purge deletes the pieces of interrupted uploads.
 */
export async function storeFile(
  write: Write,
  { type, name, bytes, bytesMax, now, query }: Upload,
): Promise<Received> {
  const id = newIdAt(now);
  const hash = createHash("sha256");
  const detector = openEncodingDetector();
  let size = 0;
  let format: FileFormat | undefined;
  let piece = 0;
  await write((database) =>
    database.many(
      sql`insert into import_files (enterprise_id, id, type, name, created_at)
          values (${database.enterpriseId}, ${id}, ${type}, ${name}, ${now})`,
    ),
  );
  for await (const part of inPieces(bytes)) {
    size += part.length;
    if (size > bytesMax) throw new Problem("BODY_TOO_LARGE");
    format ??= formatOf(type, name, part);
    hash.update(part);
    if (format !== "xlsx") detector.see(part);
    const packed = await pack(part, { level: 1 });
    await write((database) =>
      database.many(
        sql`insert into import_file_pieces (enterprise_id, file_id, piece, bytes)
            values (${database.enterpriseId}, ${id}, ${piece}, ${packed})`,
      ),
    );
    piece++;
  }
  format ??= formatOf(type, name, new Uint8Array());
  const sha256 = hash.digest("hex");
  const stated = encodings.find((encoding) => encoding === query["encoding"]);
  const encoding = format === "xlsx" ? null : (stated ?? detector.found());
  await write((database) =>
    database.many(
      sql`update import_files set type = ${format}, size_bytes = ${size}, sha256 = ${sha256}, encoding = ${encoding}
          where enterprise_id = ${database.enterpriseId} and id = ${id}`,
    ),
  );
  return new Received({ id, sha256, type });
}

/** Every piece reuses the same buffer: the caller must be done with one before it requests the next. */
async function* inPieces(bytes: Bytes): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafe(pieceBytes);
  let size = 0;
  for await (const part of bytes) {
    for (let from = 0; from < part.length; ) {
      const slice = part.subarray(from, from + pieceBytes - size);
      piece.set(slice, size);
      size += slice.length;
      from += slice.length;
      if (size < pieceBytes) continue;
      yield piece;
      size = 0;
    }
  }
  if (size > 0) yield piece.subarray(0, size);
}

export type StoredFile = {
  id: string;
  type: FileFormat;
  name: string;
  encoding: Encoding | null;
  sizeBytes: number;
  sha256: string;
};

export async function fetchFile(database: EnterpriseDatabase, id: string): Promise<StoredFile | undefined> {
  return database.maybeOne(
    sql<StoredFile>`select id, type, name, encoding, size_bytes as "sizeBytes", sha256 from import_files
        where enterprise_id = ${database.enterpriseId} and id = ${id} and sha256 is not null`,
  );
}

export const nameFile = (enterpriseId: string, id: string, name: string): Sql =>
  sql`update import_files set name = ${name} where enterprise_id = ${enterpriseId} and id = ${id}`;

/** Streams a file with at most one piece in memory. `onRead` receives the number of bytes so far. */
export async function* bytesOf(
  database: EnterpriseDatabase,
  id: string,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for (let piece = 0; ; piece++) {
    const found = await database.maybeOne(
      sql<{ bytes: Buffer }>`select bytes from import_file_pieces
          where enterprise_id = ${database.enterpriseId} and file_id = ${id} and piece = ${piece}`,
    );
    if (!found) return;
    const unpacked: AsyncIterable<Buffer> = createGunzip({ chunkSize: partBytes }).end(found.bytes);
    for await (const part of unpacked) {
      read += part.length;
      onRead(read);
      yield part;
    }
  }
}
