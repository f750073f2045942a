import { once } from "node:events";
import { PassThrough, pipeline, type Readable, type Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { Received } from "@clientele/contract/envelopes";
import { bodyFault, type Fault, Problem } from "@clientele/contract/errors";
import type { Route } from "@clientele/contract/route";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseJson, rowsLimits } from "../json/parse.ts";

/** A file that arrives: its bytes are there once, in the order they come. */
export type Upload = { type: string; name: string; bytes: AsyncIterable<Uint8Array> };

/** Keeps a file while it arrives, and says where. */
export type Keep = (upload: Upload, bytesMax: number) => Promise<Received>;

/** What a body was, and what else came with it as parts of a form. */
export type ReadBody = { body: unknown; bytes: Buffer | null; form: Record<string, string> };

const json = "application/json";
const packed = /^(x-)?gzip$/i;

/** In this scope bodies are not read before the route does it. */
export function leaveBodiesUnread(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
}

/**
 * The body of a route that takes files. JSON that is small enough is read; the rest is kept while it arrives, and
 * never held as a whole.
 */
export async function readBody(request: FastifyRequest, route: Route, keep: Keep): Promise<ReadBody> {
  const payload = request.body as Readable | undefined;
  if (payload === undefined) return { body: undefined, bytes: null, form: {} };
  const type = mediaTypeOf(request);
  const bytesMax = route.bodyBytesMax!;
  if (type !== json && !route.bodyFiles!.includes(type)) throw unsupported(route);
  const unpacked = unpack(request, payload);
  try {
    if (type === "multipart/form-data") return await readForm(request, unpacked, bytesMax, keep);
    const name = request.headers["content-disposition"] ? fileNameOf(request) : "";
    if (type !== json)
      return { body: await keep({ type, name, bytes: unpacked }, bytesMax), bytes: null, form: {} };
    return await readJsonOrKeep(unpacked, route.bodyJsonBytesMax ?? 0, (bytes) =>
      keep({ type, name, bytes }, bytesMax),
    );
  } catch (error) {
    throw isOfTheArchive(error) ? invalid("is not gzip, or is cut off", error) : error;
  }
}

function mediaTypeOf(request: FastifyRequest): string {
  const [type = "", ...parameters] = (request.headers["content-type"] ?? "").toLowerCase().split(";");
  const charset = parameters.map((it) => /^\s*charset\s*=\s*"?([\w-]+)"?\s*$/.exec(it)?.[1]).find(Boolean);
  // JSON is UTF-8; what a file of text is in shows in its bytes.
  return type.trim() === json && charset !== undefined && charset !== "utf-8" ? "" : type.trim();
}

const fileNameOf = ({ headers }: FastifyRequest): string =>
  /filename="?([^";]{1,255})"?/i.exec(String(headers["content-disposition"]))?.[1]?.trim() ?? "";

function unsupported({ bodyFiles }: Route): Problem {
  const message = `must be ${[json, ...bodyFiles!].join(", ")}`;
  return new Problem("MEDIA_TYPE_UNSUPPORTED", {
    faults: [{ in: "headers", path: "content-type", code: "MEDIA_TYPE_UNSUPPORTED", message }],
  });
}

const invalid = (message: string, cause?: unknown): Problem =>
  new Problem("IMPORT_FILE_INVALID", { faults: [bodyFault("", "IMPORT_FILE_INVALID", message)], cause });

function unpack(request: FastifyRequest, payload: Readable): Readable {
  if (!packed.test(request.headers["content-encoding"] ?? "")) return payload;
  const gunzip: Transform = createGunzip();
  // An end before the end is an error of the archive, which whoever reads it is told of.
  return pipeline(payload, gunzip, () => undefined);
}

const isOfTheArchive = (error: unknown): boolean => /^Z_/.test((error as { code?: string }).code ?? "");

async function readJsonOrKeep(
  bytes: Readable,
  jsonBytesMax: number,
  keep: (bytes: AsyncIterable<Uint8Array>) => Promise<Received>,
): Promise<ReadBody> {
  const arrived: Uint8Array[] = [];
  const rest = bytes[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let size = 0;
  while (size <= jsonBytesMax) {
    const next = await rest.next();
    if (next.done) {
      const whole = Buffer.concat(arrived);
      if (jsonBytesMax === 0) break;
      return { body: whole.length === 0 ? undefined : parseJson(whole, rowsLimits), bytes: whole, form: {} };
    }
    arrived.push(next.value);
    size += next.value.length;
  }
  if (size === 0) return { body: undefined, bytes: null, form: {} };
  async function* all() {
    yield* arrived.splice(0);
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { body: await keep(all()), bytes: null, form: {} };
}

const formLimits = { fields: 40, fieldSize: 100_000, fieldNameSize: 100, parts: 50, headerPairs: 20 };

/** A form of a browser: the part `file` is the file, the others say what to do with it. */
async function readForm(
  request: FastifyRequest,
  bytes: Readable,
  bytesMax: number,
  keep: Keep,
): Promise<ReadBody> {
  const form: Record<string, string> = Object.create(null);
  let kept: Promise<Received> | undefined;
  const faults: Fault[] = [];
  let busboy: BusboyInstance;
  try {
    const headers = { "content-type": request.headers["content-type"]! };
    busboy = new Busboy({ headers, limits: { ...formLimits, files: 1 } });
  } catch (error) {
    throw invalid("is a form without a boundary", error);
  }
  busboy.on("field", (name, value, _nameTruncated, isTruncated) => {
    if (isTruncated) faults.push(bodyFault(name, "REQUEST_INVALID", "is too long"));
    else form[name] = value;
  });
  busboy.on("file", (_name, stream, fileName, _encoding, type) => {
    // Through a stream of our own: busboy's ends without a word when the form is cut off.
    const file = new PassThrough();
    stream.pipe(file);
    busboy.once("error", (error) => file.destroy(error as Error));
    kept = keep({ type, name: fileName ?? "", bytes: file }, bytesMax);
    kept.catch(() => file.resume());
  });
  bytes.once("error", (error) => busboy.destroy(error));
  bytes.pipe(busboy);
  try {
    await once(busboy, "finish");
  } catch (error) {
    await kept?.catch(() => undefined);
    throw error instanceof Problem ? error : invalid("is a form that is cut off", error);
  }
  if (faults.length > 0) throw new Problem("REQUEST_INVALID", { faults });
  if (!kept) throw invalid("has no part `file`");
  return { body: await kept, bytes: null, form };
}

/** What makes two bodies the same. */
export const fingerprintOfBody = (body: unknown, bytes: Buffer | null): Uint8Array | string =>
  body instanceof Received ? body.sha256 : (bytes ?? "");
