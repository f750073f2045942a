import { Readable } from "node:stream";
import type { File, Received, Single } from "@clientele/contract/envelopes";
import { isOn } from "@clientele/contract/formats";
import { isWrite, type Route } from "@clientele/contract/route";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Call, PublicCall, Tokens } from "../call.ts";
import { type Caller, type EnterpriseDatabase, readingAs, writingAs } from "../database/as-enterprise.ts";
import type { ServicePool } from "../database/pools.ts";
import { newIdAt } from "../ids/new-id.ts";
import { authenticate } from "./auth/authenticate.ts";
import { countingFailures } from "./auth/failed-attempts.ts";
import { fingerprintOf, idempotencyKeyOf, once, type StoredAnswer } from "./idempotency/idempotency.ts";
import { openRateLimit, type RateLimits } from "./limits/rate-limit.ts";
import { refuseOtherMethods } from "./other-methods.ts";
import { type Checks, checked, checksOf, type Parts } from "./request/parts.ts";
import { fingerprintOfBody, leaveBodiesUnread, readBody, type Upload } from "./request/upload.ts";
import {
  bodyOf,
  bytesOf,
  headersOfFile,
  isFile,
  isStreamed,
  isWritten,
  streamOf,
} from "./response/answer.ts";
import { etagOf, expectedVersionOf, matchesAny } from "./response/entity-tags.ts";

export type Mounting = {
  pool: ServicePool;
  tokens: Tokens;
  cursorKeys: readonly Uint8Array[];
  /** Keys that seal responses with a secret, the newest first. */
  answerKeys: readonly Uint8Array[];
  rateLimits: RateLimits;
  clock: () => Date;
  /** Aborted when the service stops accepting requests. */
  stopping: AbortSignal;
  /** Stores an uploaded file, in transactions of the caller. */
  keepFile: StoreUpload;
  /** Largest file, unpacked, if it is less than the route's own limit. */
  fileBytesMax: number;
  /** Called after a write that background work depends on. */
  onAccepted: () => void;
  /** Called with each enterprise that was written to. */
  onWritten: (enterpriseId: string) => void;
  /** Called for each response to an identified caller. */
  onAnswered: (caller: Caller, status: number) => void;
};

type StoreUpload = (
  write: <T>(work: (database: EnterpriseDatabase) => Promise<T>) => Promise<T>,
  upload: Upload & { now: Date; bytesMax: number; query: Record<string, unknown> },
) => Promise<Received>;

export type Binding =
  | { route: Route; isPublic: true; run: (call: PublicCall, request: Parts) => Promise<unknown> }
  | { route: Route; isPublic: false; run: (call: Call, request: Parts) => Promise<unknown> };

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route reads its body itself, which may be a file. */
    readsFiles?: true;
  }
  interface FastifyRequest {
    /** Set once the token has been verified. */
    caller: Caller | null;
    /** The body as it arrived, for the fingerprint of an idempotency key. */
    bodyBytes: Buffer | null;
  }
}

const withColons = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

/** Registers every route of the contract in one loop. */
export function mount(app: FastifyInstance, bindings: readonly Binding[], mounting: Mounting): void {
  app.decorateRequest("caller", null);
  app.decorateRequest("bodyBytes", null);
  const { rateLimits, clock, onAnswered } = mounting;
  app.addHook("onResponse", ({ caller }, reply, done) => {
    if (caller) onAnswered(caller, reply.statusCode);
    done();
  });
  const perCaller = openRateLimit("app", rateLimits.requestsPerMinute, clock);
  const failedTokens = openRateLimit("failed-tokens", rateLimits.failedTokensPerMinute, clock);
  const methodsByPath = new Map<string, Set<string>>();
  for (const binding of bindings) {
    const { route } = binding;
    const checks = checksOf(route);
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      const url = withColons(path);
      methodsByPath.set(url, (methodsByPath.get(url) ?? new Set()).add(route.method));
      within(app, route, (scope) =>
        scope.route({
          method: route.method,
          url,
          ...(route.bodyBytesMax ? { bodyLimit: route.bodyBytesMax } : {}),
          ...(route.bodyFiles ? { config: { readsFiles: true } } : {}),
          // Runs before the body is read: an unauthorized caller cannot upload one.
          onRequest: async (request, reply) => {
            if (route.scope === null) return;
            request.caller = await authenticate(mounting.tokens, request.headers, route);
            const { caller } = request;
            if (caller.kind !== "operator")
              reply.headers(perCaller.take(`${caller.enterpriseId}/${caller.id}`));
          },
          handler: async (request, reply) => {
            if (route.bodyFiles) await receive(route, checks, request, mounting);
            const parts = checked(route, checks, request);
            if (binding.isPublic) {
              const { pool, tokens } = mounting;
              const enter = (enterpriseId: string) => readingAs(pool, { enterpriseId, kind: "operator" });
              const call = { now: wholeSeconds(clock()), enter, tokens };
              const answer = await countingFailures(failedTokens, request, parts, () =>
                binding.run(call, parts),
              );
              return send(reply, {
                status: route.status,
                etag: null,
                location: null,
                body: bodyOf(route, answer),
              });
            }
            return isWrite(route)
              ? answerWrite(binding, parts, request, reply, mounting)
              : answerRead(binding, parts, request, reply, mounting);
          },
        }),
      );
    }
  }
  refuseOtherMethods(app, methodsByPath);
}

/** Bodies that may be files are read by the route, in a scope of their own. */
function within(app: FastifyInstance, route: Route, register: (scope: FastifyInstance) => void): void {
  if (!route.bodyFiles) register(app);
  else {
    app.register((scope, _options, done) => {
      leaveBodiesUnread(scope);
      register(scope);
      done();
    });
  }
}

/** Reads a body that may be a file, once the rest of the request is valid. */
async function receive(
  route: Route,
  checks: Checks,
  request: FastifyRequest,
  { pool, clock, keepFile, fileBytesMax }: Mounting,
): Promise<void> {
  checked(route, { ...checks, body: null }, request);
  const caller = callerOf(request);
  const write = <T>(work: (database: EnterpriseDatabase) => Promise<T>) => writingAs(pool, caller, {}, work);
  const {
    body,
    bytesRead: told,
    form,
  } = await readBody(request, route, (upload, bytesMax) =>
    keepFile(write, {
      ...upload,
      query: request.query as Record<string, unknown>,
      bytesMax: Math.min(bytesMax, fileBytesMax),
      now: wholeSeconds(clock()),
    }),
  );
  request.body = body;
  request.bodyBytes = told;
  request.query = { ...(request.query as object), ...form };
}

type BoundOperation = Binding & { isPublic: false };

async function answerRead(
  { route, run }: BoundOperation,
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  mounting: Mounting,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const database = readingAs(mounting.pool, caller);
  const answer = await run(callOf(request, reply, database, mounting), parts);
  // A route that responds without a query has not verified the caller against the database.
  if (!database.isAuthorized) throw new Error(`${route.operationId} read nothing.`);
  if (isFile(answer)) return sendFile(request, reply, answer);
  if (isWritten(answer)) {
    return reply.code(route.status).type("application/json; charset=utf-8").send(bytesOf(answer));
  }
  if (isStreamed(answer)) {
    const pieces = streamOf(answer);
    const first = await pieces.next();
    const all = async function* () {
      yield first.value as Uint8Array;
      yield* pieces;
    };
    return reply
      .code(route.status)
      .type("application/json; charset=utf-8")
      .send(Readable.from(all(), { objectMode: false, highWaterMark: 1024 * 1024 }));
  }
  const etag = etagOf(answer, database);
  if (etag !== null && matchesAny(request.headers["if-none-match"], etag)) {
    return reply.code(304).header("etag", etag).send();
  }
  return send(reply, { status: route.status, etag, location: null, body: bodyOf(route, answer) });
}

/** Awaits the first chunk: an error before it can still become an error response. */
async function sendFile(request: FastifyRequest, reply: FastifyReply, file: File): Promise<FastifyReply> {
  const pieces = file.pieces[Symbol.asyncIterator]();
  let first: Promise<IteratorResult<Uint8Array>> | undefined = pieces.next();
  await first;
  reply.code(200).headers(headersOfFile(file));
  if (request.method === "HEAD") {
    await pieces.return?.();
    return reply.send(Readable.from([]));
  }
  const all: AsyncIterator<Uint8Array> = {
    next() {
      const next = first ?? pieces.next();
      first = undefined;
      return next;
    },
    // Runs at once when the client disconnects, not after the pending chunk.
    return: async () => (await pieces.return?.()) ?? { done: true, value: undefined },
  };
  return reply.send(Readable.from({ [Symbol.asyncIterator]: () => all }, { objectMode: false }));
}

async function answerWrite(
  { route, run }: BoundOperation,
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  mounting: Mounting,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const key = idempotencyKeyOf(request.headers["idempotency-key"]);
  const expectedVersion = expectedVersionOf(request.headers["if-match"]);
  const changesDefinitions = route.changes === "definitions";
  const options = {
    changesDefinitions,
    isDryRun: changesDefinitions && isOn(parts.query["dry_run"]),
    // The response of a request with a key is stored after the write.
    mayCommitEarly: key === null,
  };
  const answer = await writingAs(mounting.pool, caller, options, async (database) => {
    const call = callOf(request, reply, database, mounting);
    if (expectedVersion !== undefined) call.expectedVersion = expectedVersion;
    const runOnce = async (): Promise<StoredAnswer> => {
      const result = await run(call, parts);
      const { location = null } = result as Single<unknown>;
      const status = location === null ? route.status : 202;
      return { status, etag: etagOf(result, database), location, body: bodyOf(route, result) };
    };
    if (key === null || caller.kind === "operator") return { ...(await runOnce()), replayed: false };
    const fingerprint = fingerprintOf([
      route.operationId,
      request.url,
      caller.companyId ?? "",
      fingerprintOfBody(request.body, request.bodyBytes),
    ]);
    const sealedBy = route.showsSecret ? { sealedBy: mounting.answerKeys } : {};
    return once(database, { callerId: caller.id, key, fingerprint, now: call.now, ...sealedBy }, runOnce);
  });
  if (answer.replayed) reply.header("idempotency-replayed", "true");
  if (answer.status === 202) mounting.onAccepted();
  mounting.onWritten(caller.enterpriseId);
  return send(reply, answer);
}

function callerOf({ caller, routeOptions }: FastifyRequest): Caller {
  if (!caller) throw new Error(`${routeOptions.url} needs a token and did not authenticate the request.`);
  return caller;
}

function callOf(
  request: FastifyRequest,
  reply: FastifyReply,
  database: EnterpriseDatabase,
  { clock, cursorKeys, stopping }: Mounting,
): Call {
  const now = wholeSeconds(clock());
  const caller = callerOf(request);
  const lastEventId = request.headers["last-event-id"];
  return {
    database,
    appId: caller.kind === "app" ? caller.id : null,
    personId: caller.kind === "person" ? caller.id : null,
    companyId: caller.kind === "operator" ? null : caller.companyId,
    requestId: request.id,
    now,
    cursorKeys,
    stopping,
    clientGone: () => disconnectSignalOf(reply),
    ...(typeof lastEventId === "string" && lastEventId !== "" ? { lastEventId } : {}),
    newId: () => newIdAt(now),
  };
}

/** The request is read long before its response, so the response's connection shows that the client has gone. */
function disconnectSignalOf({ raw }: FastifyReply): AbortSignal {
  const leaving = new AbortController();
  if (raw.destroyed) leaving.abort();
  else raw.once("close", () => leaving.abort());
  return leaving.signal;
}

const wholeSeconds = (time: Date): Date => new Date(Math.floor(time.getTime() / 1000) * 1000);

function send(reply: FastifyReply, { status, etag, location, body }: StoredAnswer): FastifyReply {
  if (etag !== null) reply.header("etag", etag);
  if (location !== null) reply.header("location", location);
  return reply.code(status).type("application/json; charset=utf-8").send(body);
}
