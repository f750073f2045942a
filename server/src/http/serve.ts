import { Problem } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { jsonLimits, parseJson, rowsLimits } from "../json/parse.ts";
import { type Console, mountConsole, opensConsole, sendPage } from "./console.ts";
import { closeUnusedConnections } from "./limits/unused-connections.ts";
import { recordRequests } from "./monitoring/access-log.ts";
import type { Metrics } from "./monitoring/metrics.ts";
import { clientErrorHandler } from "./response/client-error.ts";
import { problemFrom, sendProblem } from "./response/problem.ts";
import { dataHeaders } from "./response/security-headers.ts";

const usualBodyBytes = 1024 * 1024;
const headerBytes = 16 * 1024;
/** An external id has up to 255 characters, each up to nine bytes long in an address. */
const parameterLength = 4_000;

const headersTimeoutMs = 10_000;
const bodyTimeoutMs = 30_000;
/** Of a body that may be large: 64 MiB take this long on a line of 2 Mbit/s. */
const largeBodyTimeoutMs = 300_000;
/** Of a file: as long as bytes come, and an hour at most. */
const uploadTimeoutMs = 3_600_000;
const uploadStallMs = 60_000;
/** Longer than a proxy keeps its side open, so that it never writes into a connection that we have just closed. */
const keepAliveTimeoutMs = 72_000;
/** Nothing went in or out: a reader of a stream that has stopped reading. Work for an answer is done long before. */
const idleTimeoutMs = 120_000;

export type Serving = {
  newId: () => string;
  log: Logger;
  metrics: Metrics;
  /** Null serves programs alone. */
  console: Console | null;
};

/** Fastify with every limit set, none of its own texts on the wire, and a record of each request. */
export function createServer({ newId, log, metrics, console }: Serving): FastifyInstance {
  const app = Fastify({
    logger: false,
    genReqId: ({ headers }) => askedId(headers["x-request-id"]) ?? newId(),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: parameterLength },
    exposeHeadRoutes: true,
    bodyLimit: usualBodyBytes,
    connectionTimeout: idleTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: uploadTimeoutMs,
    http: {
      maxHeaderSize: headerBytes,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: 5_000,
    },
    // A request that is already here is answered, on a connection that then closes.
    return503OnClosing: false,
    clientErrorHandler: clientErrorHandler(newId, log),
    frameworkErrors: (error, request, reply) => {
      const problem = problemFrom(error);
      log.info(
        { requestId: request.id, method: request.method, errorCode: problem.code },
        "request not read",
      );
      describe(request, reply);
      return sendProblem(reply, problem);
    },
  });
  readJson(app);
  // Hooks that wait for nothing take a callback: a promise each is dear on a small request.
  app.addHook("onRequest", (request, reply, done) => {
    describe(request, reply);
    done();
  });
  app.addHook("preParsing", (request, _reply, _payload, done) => {
    expectBody(request);
    done();
  });
  recordRequests(app, log, metrics);
  closeUnusedConnections(app);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemFrom(error);
    request.problem = problem;
    return sendProblem(reply, problem);
  });
  if (console) mountConsole(app, console);
  app.setNotFoundHandler((request, reply) => {
    if (console && opensConsole(request)) return sendPage(reply, console.page);
    request.problem = new Problem("ROUTE_NOT_FOUND");
    return sendProblem(reply, request.problem);
  });
  return app;
}

/** The caller's own id for the request, when it is short and plain enough for a log. */
const askedId = (header: string | string[] | undefined): string | undefined =>
  typeof header === "string" && /^[\w-]{1,64}$/.test(header) ? header : undefined;

function describe(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(dataHeaders);
  reply.header("x-request-id", request.id);
}

function readJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i,
    { parseAs: "buffer" },
    (request, bytes, done) => {
      request.bodyBytes = bytes as Buffer;
      try {
        const limits = mayBeLarge(request) ? rowsLimits : jsonLimits;
        done(null, bytes.length === 0 ? undefined : parseJson(bytes as Buffer, limits));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

const mayBeLarge = ({ routeOptions }: FastifyRequest): boolean => routeOptions.bodyLimit > usualBodyBytes;

/** Before a body is read: it must be readable, and then arrive in time. */
function expectBody(request: FastifyRequest): void {
  const { raw, headers } = request;
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  if (!hasBody) return;
  const { readsFiles = false } = request.routeOptions.config;
  const encodings = readsFiles ? /^(identity|(x-)?gzip)?$/i : /^(identity)?$/i;
  if (!encodings.test(headers["content-encoding"] ?? "")) {
    throw new Problem("MEDIA_TYPE_UNSUPPORTED", {
      headers: { "accept-encoding": readsFiles ? "gzip, identity" : "identity" },
      fieldErrors: [
        {
          in: "headers",
          path: "content-encoding",
          code: "MEDIA_TYPE_UNSUPPORTED",
          ...reason("BODY_COMPRESSED"),
        },
      ],
    });
  }
  const forceClose = () => {
    // The reader of the body listens for errors, answers with them and closes the connection.
    if (raw.listenerCount("error") > 0) raw.emit("error", new Problem("REQUEST_TIMEOUT"));
  };
  if (readsFiles) {
    let arrived = -1;
    const stalled = setInterval(() => {
      if (raw.complete) return;
      if (raw.socket.bytesRead === arrived) forceClose();
      arrived = raw.socket.bytesRead;
    }, uploadStallMs);
    raw.once("close", () => clearInterval(stalled));
    return;
  }
  const late = setTimeout(forceClose, mayBeLarge(request) ? largeBodyTimeoutMs : bodyTimeoutMs);
  raw.once("close", () => clearTimeout(late));
}
