import { Problem } from "@clientele/contract/errors";
import type { FastifyInstance } from "fastify";

const everyMethod = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"] as const;

/**
 * On every path of ours, static ones too, so that `/customfields` is never taken for a customer: OPTIONS tells what
 * the path takes, the rest is refused, before a token or a body is looked at.
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
