import { Problem } from "@clientele/contract/errors";
import type { FastifyInstance } from "fastify";

const everyMethod = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"] as const;

/**
 * Registered on every path, static ones too, so that `/customfields` never matches a customer. OPTIONS lists the path's
 * methods; others get 405 before a token or a body is read.
 */
export function refuseOtherMethods(
  app: FastifyInstance,
  methodsByPath: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const [url, methods] of methodsByPath) {
    const allow = [...methods, ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
    app.route({
      method: everyMethod.filter((method) => !methods.has(method)),
      url,
      onRequest: async (request, reply) => {
        if (request.method === "OPTIONS") return reply.code(204).header("allow", allow).send();
        throw new Problem("METHOD_NOT_ALLOWED", { headers: { allow } });
      },
      handler: () => undefined,
    });
  }
}
