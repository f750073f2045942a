import { Problem } from "@clientele/contract/errors";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { OperatorPool } from "../../database/pools.ts";
import { sql } from "../../database/sql.ts";
import type { Metrics } from "./metrics.ts";

const readyTimeoutMs = 1_000;

/** Endpoints for the operator, without a token. */
export function mountHealth(app: FastifyInstance, pool: OperatorPool, metrics: Metrics): void {
  let isStopping = false;
  app.addHook("preClose", async () => {
    isStopping = true;
  });
  // Concurrent probes share one query.
  let asking: Promise<void> | undefined;

  app.get("/health/live", async () => ({ status: "ok" }));

  app.get("/health/ready", async () => {
    if (isStopping) throw new Problem("SERVICE_STOPPING");
    asking ??= answers(pool).finally(() => {
      asking = undefined;
    });
    await asking;
    return { status: "ok" };
  });

  app.get("/metrics", async (request, reply) => {
    if (!isFromHere(request)) throw new Problem("ROUTE_NOT_FOUND");
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(await metrics.text());
  });
}

async function answers(pool: OperatorPool): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = setTimeout(() => reject(new Error("The database did not answer in time.")), readyTimeoutMs);
  try {
    await Promise.race([pool.one(sql`select 1`), promise]);
  } catch (cause) {
    throw new Problem("DATABASE_UNAVAILABLE", { cause, headers: { "retry-after": "1" } });
  } finally {
    clearTimeout(late);
  }
}

/** Only from this machine and not through a proxy: figures show how much is done and by which app. */
const isFromHere = ({ raw, headers }: FastifyRequest): boolean =>
  /^(127\.|::1$|::ffff:127\.)/.test(raw.socket.remoteAddress ?? "") &&
  headers["x-forwarded-for"] === undefined &&
  headers.forwarded === undefined;
