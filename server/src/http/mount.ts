import { Readable } from "node:stream";
import type { Route } from "@clientele/contract/route";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type pg from "pg";
import type { Call, Operation, PublicOperation, Tokens } from "../call.ts";
import { type Caller, type EnterpriseDatabase, readingAs, writingAs } from "../database/as-enterprise.ts";
import { newIdAt } from "../new-id.ts";
import { bodyOf, bytesOf, isStreamed, isWritten, streamOf } from "./answer.ts";
import { authenticate } from "./authenticate.ts";
import { etagOf, expectedVersionOf, matchesAny } from "./entity-tags.ts";
import { fingerprintOf, idempotencyKeyOf, once, type StoredAnswer } from "./idempotency.ts";
import { refuseOtherMethods } from "./other-methods.ts";
import { checked, checksOf, type Parts } from "./parts.ts";
import { openRateLimit, type RateLimits } from "./rate-limit.ts";
import { countingFailures } from "./token-attempts.ts";

export type Mounting = {
  pool: pg.Pool;
  tokens: Tokens;
  cursorKeys: readonly Uint8Array[];
  rateLimits: RateLimits;
  clock: () => Date;
};

export type Binding =
  | { route: Route; run: PublicOperation<Route>; isPublic: true }
  | { route: Route; run: Operation<Route>; isPublic: false; changesDefinitions: boolean };

declare module "fastify" {
  interface FastifyRequest {
    /** Set once the token is read. */
    caller: Caller | null;
    /** The body as it arrived, for the fingerprint of an idempotency key. */
    bodyBytes: Buffer | null;
  }
}

const withColons = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

/** Registers the whole contract: one loop, no route by hand. */
export function mount(app: FastifyInstance, bindings: readonly Binding[], mounting: Mounting): void {
  app.decorateRequest("caller", null);
  app.decorateRequest("bodyBytes", null);
  const { rateLimits, clock } = mounting;
  const perApp = openRateLimit("app", rateLimits.requestsPerMinute, clock);
  const failedTokens = openRateLimit("failed-tokens", rateLimits.failedTokensPerMinute, clock);
  const methodsByPath = new Map<string, Set<string>>();
  for (const binding of bindings) {
    const { route } = binding;
    const checks = checksOf(route);
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      const url = withColons(path);
      methodsByPath.set(url, (methodsByPath.get(url) ?? new Set()).add(route.method));
      app.route({
        method: route.method,
        url,
        ...(route.bodyBytesMax ? { bodyLimit: route.bodyBytesMax } : {}),
        // Before the body is read: who may not call does not get to send one.
        onRequest: async (request, reply) => {
          if (route.scope === null) return;
          request.caller = await authenticate(mounting.tokens, request.headers, route.scope);
          const { enterpriseId, app } = request.caller;
          reply.headers(perApp.take(`${enterpriseId}/${app?.id}`));
        },
        handler: async (request, reply) => {
          const parts = checked(route, checks, request);
          if (binding.isPublic) {
            const { pool, tokens } = mounting;
            const enter = (enterpriseId: string) => readingAs(pool, { enterpriseId, app: null });
            const call = { now: wholeSeconds(clock()), enter, tokens };
            const answer = await countingFailures(failedTokens, request, parts, () =>
              binding.run(call, parts as never),
            );
            return send(reply, { status: route.status, etag: null, body: bodyOf(route, answer) });
          }
          return route.method === "GET"
            ? answerRead(binding, parts, request, reply, mounting)
            : answerWrite(binding, parts, request, reply, mounting);
        },
      });
    }
  }
  refuseOtherMethods(app, methodsByPath);
}

type BoundOperation = Binding & { isPublic: false };

async function answerRead(
  { route, run }: BoundOperation,
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  mounting: Mounting,
): Promise<FastifyReply> {
  const caller = request.caller!;
  const database = readingAs(mounting.pool, caller);
  const answer = await run(callOf(request, caller, database, mounting), parts as never);
  // A route that has answered without asking the database has not let the database ask who calls.
  if (database.entered === undefined) throw new Error(`${route.operationId} read nothing.`);
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
  return send(reply, { status: route.status, etag, body: bodyOf(route, answer) });
}

async function answerWrite(
  { route, run, changesDefinitions }: BoundOperation,
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  mounting: Mounting,
): Promise<FastifyReply> {
  const caller = request.caller!;
  const key = idempotencyKeyOf(request.headers["idempotency-key"]);
  const expectedVersion = expectedVersionOf(request.headers["if-match"]);
  const answer = await writingAs(mounting.pool, caller, { changesDefinitions }, async (database) => {
    const call = callOf(request, caller, database, mounting);
    if (expectedVersion !== undefined) call.expectedVersion = expectedVersion;
    const runOnce = async (): Promise<StoredAnswer> => {
      const result = await run(call, parts as never);
      return { status: route.status, etag: etagOf(result, database), body: bodyOf(route, result) };
    };
    if (key === null || caller.app === null) return { ...(await runOnce()), replayed: false };
    const fingerprint = fingerprintOf([
      route.operationId,
      request.url,
      caller.app.companyId ?? "",
      request.bodyBytes ?? "",
    ]);
    return once(database, { appId: caller.app.id, key, fingerprint, now: call.now }, runOnce);
  });
  if (answer.replayed) reply.header("idempotency-replayed", "true");
  return send(reply, answer);
}

function callOf(
  request: FastifyRequest,
  caller: Caller,
  database: EnterpriseDatabase,
  { clock, cursorKeys }: Mounting,
): Call {
  const now = wholeSeconds(clock());
  return {
    database,
    appId: caller.app?.id ?? null,
    companyId: caller.app?.companyId ?? null,
    requestId: request.id,
    now,
    cursorKeys,
    newId: () => newIdAt(now),
  };
}

const wholeSeconds = (time: Date): Date => new Date(Math.floor(time.getTime() / 1000) * 1000);

function send(reply: FastifyReply, { status, etag, body }: StoredAnswer): FastifyReply {
  if (etag !== null) reply.header("etag", etag);
  return reply.code(status).type("application/json; charset=utf-8").send(body);
}
