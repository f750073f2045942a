import { type Problem, statusOf } from "@clientele/contract/errors";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { causeOf } from "../../logging/error-cause.ts";
import type { Metrics } from "./metrics.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The error code of a refused request. */
    problem: Problem | null;
  }
}

/** Logs the route's pattern instead of the address: parameters may hold names, e-mail addresses and secrets. */
const routeOf = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? "(none)";

/** Logs one line per request, and unexpected errors under the same request id. No values, no query, no tokens. */
export function recordRequests(app: FastifyInstance, log: Logger, metrics: Metrics): void {
  app.decorateRequest("problem", null);
  app.addHook("onResponse", (request, reply, done) => {
    const { problem, caller } = request;
    const route = routeOf(request);
    const durationMs = Math.round(reply.elapsedTime * 100) / 100;
    metrics.requestEnded({ method: request.method, route, status: reply.statusCode }, durationMs / 1000);
    const line = {
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      durationMs,
      bytesIn: Number(request.headers["content-length"] ?? 0),
      bytesOut: bytesOf(reply.getHeader("content-length")),
      enterpriseId: caller?.enterpriseId,
      appId: caller?.kind === "app" ? caller.id : undefined,
      personId: caller?.kind === "person" ? caller.id : undefined,
      companyId: (caller && caller.kind !== "operator" && caller.companyId) ?? undefined,
      errorCode: problem?.code,
    };
    if (problem && statusOf(problem.code) >= 500) {
      log.error({ ...line, cause: causeOf(problem.cause) }, "request failed");
    } else log.info(line, "request");
    done();
  });
}

/** Unknown for a streamed response. */
const bytesOf = (header: unknown): number | undefined => (header === undefined ? undefined : Number(header));
