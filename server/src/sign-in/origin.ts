import { Problem } from "@clientele/contract/errors";
import type { FastifyRequest } from "fastify";

/** The public origin of the service; by default the host of the request. */
export const originOf = (request: FastifyRequest, publicUrl: string | null): string =>
  publicUrl ?? `http://${request.host}`;

/**
 * Throws ORIGIN_FORBIDDEN unless the request comes from our own pages, by `Sec-Fetch-Site` or, in older
 * browsers, `Origin`. Supported browsers send one of the two.
 */
export function refuseOtherSites(request: FastifyRequest, publicUrl: string | null): void {
  const { origin, "sec-fetch-site": site } = request.headers;
  const isOwn = origin === undefined ? site === "same-origin" : origin === originOf(request, publicUrl);
  if (!isOwn || (site !== undefined && site !== "same-origin")) throw new Problem("ORIGIN_FORBIDDEN");
}
