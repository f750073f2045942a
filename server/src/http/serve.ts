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
/** For large bodies: 64 MiB take this long at 2 Mbit/s. */
const largeBodyTimeoutMs = 300_000;
/** For a file: as long as bytes arrive, at most an hour. */
const uploadTimeoutMs = 3_600_000;
const uploadStallMs = 60_000;
/** Longer than a proxy's keep-alive, so that it never writes to a connection that was just closed. */
const keepAliveTimeoutMs = 72_000;
/** No bytes in either direction: the reader of a stream has stopped. Responses take far less time to compute. */
const idleTimeoutMs = 120_000;

export type Serving = {
  newId: () => string;
  log: Logger;
  metrics: Metrics;
  /** Null serves the API without a console. */
  console: Console | null;
};

/** Fastify with every limit set, without its own error texts, and with an access log. */
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
    // A request that has arrived is answered, and its connection is closed.
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
  // Hooks that do not wait take a callback: a promise each is a measurable cost on a small request.
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

/** The caller's own request id, if it is short and plain enough for a log. */
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

/** Runs before the body is read: checks its headers and sets the deadline for its arrival. */
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
    // The reader of the body handles the error, responds and closes the connection.
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
