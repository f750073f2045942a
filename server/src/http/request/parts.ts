import { Received } from "@clientele/contract/envelopes";
import { bodyError, type FieldError, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { RequestOf, Route } from "@clientele/contract/route";
import type { FastifyRequest } from "fastify";
import { type Check, compileCheck } from "../../validation/schema-check.ts";
import { addressErrors } from "./address.ts";
import { readQuery } from "./query.ts";

/** The parts of a request in the contract. */
export type Parts = { params: unknown; query: Record<string, unknown>; body: unknown };
export type Checks = { params: Check | null; query: Check | null; body: Check | null };

/** The parts with the types of their route: `checked` has validated them against its schemas. */
export const asRequest = <R extends Route>(parts: Parts): RequestOf<R> => parts as RequestOf<R>;

export const checksOf = (route: Route): Checks => ({
  params: route.params ? compileCheck(route.params, "params") : null,
  query: route.query ? compileCheck(route.query, "query") : null,
  body: route.body ? compileCheck(route.bodyEnvelope ?? route.body, "body") : null,
});

/** Returns the three parts of a request as typed by the contract, or throws with all their errors. */
export function checked(route: Route, checks: Checks, request: FastifyRequest): Parts {
  const fieldErrors: FieldError[] = addressErrors(request.raw.url ?? "", request.params);
  let query: Record<string, unknown> = {};
  if (route.query) {
    const read = readQuery(route.query, request.query as Record<string, string | string[]>);
    query = read.query;
    fieldErrors.push(...read.fieldErrors, ...(checks.query?.(query) ?? []));
  }
  fieldErrors.push(...(checks.params?.(request.params) ?? []));
  if (checks.body && !(request.body instanceof Received)) {
    if (request.body === undefined) {
      fieldErrors.push(bodyError("", "REQUEST_INVALID", reason("REQUIRED")));
    } else fieldErrors.push(...checks.body(request.body));
  }
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return { params: request.params, query, body: request.body };
}
