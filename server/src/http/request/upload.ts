import { once } from "node:events";
import { PassThrough, type Readable, type Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { Received } from "@clientele/contract/envelopes";
import { bodyError, type FieldError, Problem } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { Route } from "@clientele/contract/route";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseJson, rowsLimits } from "../../json/parse.ts";
import { required } from "../../validation/required.ts";

/** An incoming file: its bytes can be read once, in order. */
export type Upload = { type: string; name: string; bytes: AsyncIterable<Uint8Array> };

/** Stores a file while it arrives and returns its id. */
export type Store = (upload: Upload, bytesMax: number) => Promise<Received>;

/**
 * A body and the other parts of its form. `bytesRead` identifies the body for idempotency, together with the stored
 * file.
 */
export type ReadBody = { body: unknown; bytesRead: Buffer | null; form: Record<string, string> };

const json = "application/json";
const packed = /^(x-)?gzip$/i;

/** In this scope the route reads the body. */
export function leaveBodiesUnread(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
}

/**
 * Reads the body of a route that accepts files. Small JSON is parsed; anything else is stored while it arrives and
 * never held as a whole. Errors leave the request open for a response.
 */
export async function readBody(request: FastifyRequest, route: Route, store: Store): Promise<ReadBody> {
  const payload = request.body as Readable | undefined;
  if (payload === undefined) return { body: undefined, bytesRead: null, form: {} };
  const type = mediaTypeOf(request);
  const bytesMax = required(route.bodyBytesMax, "the route's body limit");
  if (type !== json && !required(route.bodyFiles, "the route's file types").includes(type))
    throw unsupported(route);
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw new Problem("BODY_TOO_LARGE");
  const unpacked = unpack(request, payload);
  try {
    if (type === "multipart/form-data") return await readForm(request, unpacked, bytesMax, store);
    const name = request.headers["content-disposition"] ? fileNameOf(request) : "";
    // Destroying a stream midway would close the connection before the response is sent.
    const bytes = unpacked.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
    if (type !== json)
      return { body: await store({ type, name, bytes }, bytesMax), bytesRead: null, form: {} };
    return await readJsonOrKeep(bytes, route.bodyJsonBytesMax ?? 0, (all) =>
      store({ type, name, bytes: all }, bytesMax),
    );
  } catch (error) {
    if (isOfTheArchive(error)) throw invalid(reason("GZIP_INVALID"), error);
    throw payload.readableAborted && !(error instanceof Problem) ? cutOff(error) : error;
  }
}

function mediaTypeOf(request: FastifyRequest): string {
  const [type = "", ...parameters] = (request.headers["content-type"] ?? "").toLowerCase().split(";");
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([\w-]+)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  // JSON is UTF-8; the encoding of a text file is detected from its bytes.
  return type.trim() === json && charset !== undefined && charset !== "utf-8" ? "" : type.trim();
}

const fileNameOf = ({ headers }: FastifyRequest): string =>
  plain(/filename="?([^";]+)"?/i.exec(String(headers["content-disposition"]))?.[1]);

/** A file's name or type as sent: cleaned of characters that a database or a header cannot hold. */
const plain = (name = ""): string =>
  name
    .replaceAll(/[\u0000-\u001f\u007f]/g, "")
    .trim()
    .slice(0, 255);

function unsupported({ bodyFiles }: Route): Problem {
  const why = reason("MEDIA_TYPE_UNKNOWN", {
    types: [json, ...required(bodyFiles, "the route's file types")],
  });
  return new Problem("MEDIA_TYPE_UNSUPPORTED", {
    fieldErrors: [{ in: "headers", path: "content-type", code: "MEDIA_TYPE_UNSUPPORTED", ...why }],
  });
}

const invalid = (why: Reason, cause?: unknown): Problem =>
  new Problem("IMPORT_FILE_INVALID", { fieldErrors: [bodyError("", "IMPORT_FILE_INVALID", why)], cause });

/** The client has disconnected: no response is needed, and no error is logged. */
const cutOff = (cause: unknown): Problem => new Problem("REQUEST_MALFORMED", { cause });

function unpack(request: FastifyRequest, payload: Readable): Readable {
  if (!packed.test(request.headers["content-encoding"] ?? "")) return payload;
  const gunzip: Transform = createGunzip();
  payload.once("error", (error) => gunzip.destroy(error));
  // The consumer gets the error, also when the archive fails before the first read.
  gunzip.on("error", () => undefined);
  return payload.pipe(gunzip);
}

const isOfTheArchive = (error: unknown): boolean => /^Z_/.test((error as { code?: string }).code ?? "");

async function readJsonOrKeep(
  bytes: AsyncIterableIterator<Uint8Array>,
  jsonBytesMax: number,
  store: (bytes: AsyncIterable<Uint8Array>) => Promise<Received>,
): Promise<ReadBody> {
  const arrived: Uint8Array[] = [];
  let size = 0;
  while (size <= jsonBytesMax) {
    const next = await bytes.next();
    if (next.done) {
      const whole = Buffer.concat(arrived);
      if (jsonBytesMax === 0) break;
      return {
        body: whole.length === 0 ? undefined : parseJson(whole, rowsLimits),
        bytesRead: whole,
        form: {},
      };
    }
    arrived.push(next.value);
    size += next.value.length;
  }
  if (size === 0) return { body: undefined, bytesRead: null, form: {} };
  async function* all() {
    yield* arrived.splice(0);
    yield* bytes;
  }
  return { body: await store(all()), bytesRead: null, form: {} };
}

const formLimits = { files: 1, fields: 40, fieldSize: 100_000, headerPairs: 20, headerSize: 8_000 };

/** A browser's form: one part is the file, the others are options, before or after it. */
async function readForm(
  request: FastifyRequest,
  bytes: Readable,
  bytesMax: number,
  store: Store,
): Promise<ReadBody> {
  const form: Record<string, string> = Object.create(null);
  const fieldErrors: FieldError[] = [];
  const fieldError = (path: string, why: Reason) => fieldErrors.push(bodyError(path, "REQUEST_INVALID", why));
  const failed = Promise.withResolvers<never>();
  let stored: Promise<Received> | undefined;
  const busboy = openForm(request);
  // An error may occur more than once, and each stream reports it.
  busboy.on("error", failed.reject);
  bytes.once("error", failed.reject);
  const refuse = (path: string, why: Reason) => {
    fieldError(path, why);
    failed.reject(new Problem("REQUEST_INVALID", { fieldErrors }));
  };
  busboy.on("filesLimit", () => refuse("file", reason("FORM_FILE_REPEATED")));
  busboy.on("fieldsLimit", () => refuse("", reason("FORM_TOO_MANY_PARTS", { max: formLimits.fields })));
  busboy.on("field", (name, value, _nameTruncated, isTruncated) => {
    if (isTruncated) fieldError(name, reason("TOO_MANY_BYTES", { max: formLimits.fieldSize }));
    else if (value.includes("\0")) fieldError(name, reason("NUL_CHARACTER"));
    else form[name] = value;
  });
  busboy.on("file", (_name, stream, name, _encoding, type) => {
    stream.on("error", failed.reject);
    // Uses a PassThrough: busboy's own stream ends without an error when the form is cut off.
    const file = stream.pipe(new PassThrough());
    file.on("error", () => undefined);
    failed.promise.catch((error) => file.destroy(error));
    stored = store({ type: plain(type), name: plain(name), bytes: file }, bytesMax);
    stored.catch(failed.reject);
  });
  try {
    bytes.pipe(busboy);
    // Bytes outside the file count too.
    let size = 0;
    bytes.on("data", ({ length }: Uint8Array) => {
      size += length;
      if (size > bytesMax) failed.reject(new Problem("BODY_TOO_LARGE"));
    });
    await Promise.race([once(busboy, "finish"), failed.promise]);
  } catch (error) {
    bytes.unpipe(busboy);
    await stored?.catch(() => undefined);
    throw isOfTheForm(error) ? invalid(reason("FORM_CUT_OFF"), error) : error;
  }
  if (fieldErrors.length > 0) throw new Problem("REQUEST_INVALID", { fieldErrors });
  if (!stored) throw invalid(reason("FORM_WITHOUT_FILE"));
  return { body: await stored, bytesRead: Buffer.from(JSON.stringify(form)), form };
}

function openForm({ headers }: FastifyRequest): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": required(headers["content-type"], "content-type") },
      limits: formLimits,
    });
  } catch (error) {
    throw invalid(reason("FORM_WITHOUT_BOUNDARY"), error);
  }
}

const isOfTheForm = (error: unknown): boolean =>
  /unexpected end of multipart data/i.test((error as Error).message);

/** The content that identifies a body for idempotency. */
export const fingerprintOfBody = (body: unknown, bytesRead: Buffer | null): Uint8Array | string =>
  body instanceof Received ? `${body.type} ${body.sha256} ${bytesRead ?? ""}` : (bytesRead ?? "");
