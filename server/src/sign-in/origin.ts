import { Problem } from "@clientele/contract/errors";
import type { FastifyRequest } from "fastify";

/** The address that browsers know the service by. Without a configured one it is what the request was sent to. */
export const originOf = (request: FastifyRequest, publicUrl: string | null): string =>
  publicUrl ?? `http://${request.host}`;

/**
 * A request that uses a cookie or sets one comes from our own pages. A browser says so by `Sec-Fetch-Site`, an older
 * one by `Origin`; what says neither is no browser of ours.
 */
export function refuseOtherSites(request: FastifyRequest, publicUrl: string | null): void {
  const { origin, "sec-fetch-site": site } = request.headers;
  const isOwn = origin === undefined ? site === "same-origin" : origin === originOf(request, publicUrl);
  if (!isOwn || (site !== undefined && site !== "same-origin")) throw new Problem("ORIGIN_FORBIDDEN");
}
