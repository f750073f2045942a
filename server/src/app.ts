import { type OperationId, type Routes, routes } from "@clientele/contract";
import { Problem } from "@clientele/contract/errors";
import Fastify, { type FastifyInstance } from "fastify";
import * as apps from "./apps/operations.ts";
import type { Operation, PublicOperation } from "./call.ts";
import * as customers from "./customers/operations.ts";
import type { Database } from "./database/open.ts";
import { parseJson } from "./http/json-body.ts";
import { type Binding, mount } from "./http/mount.ts";
import { problemFrom, sendProblem } from "./http/problem.ts";
import { openTokens } from "./http/tokens.ts";
import * as imports from "./imports/operations.ts";
import { newIdAt } from "./new-id.ts";

type Operations = {
  [Id in OperationId]: Routes[Id]["scope"] extends null ? PublicOperation<Routes[Id]> : Operation<Routes[Id]>;
};

/** The contract bound to the rules, operation by operation. */
const operations: Partial<Operations> = {
  createToken: apps.createToken,
  createTokenByQuery: apps.createTokenByQuery,
  refreshToken: apps.refreshToken,
  createCustomer: customers.create,
  fetchCustomer: customers.fetch,
  updateCustomer: customers.update,
  deleteCustomer: customers.remove,
  importCustomers: imports.importCustomers,
};

/** Writes that change what customers are made of: they wait for the writes of customers, and these for them. */
const changesDefinitions: ReadonlySet<OperationId> = new Set<OperationId>([
  "createCustomField",
  "updateCustomField",
  "deleteCustomField",
  "createCategory",
  "updateCategory",
  "deleteCategory",
  "createTag",
  "renameTag",
  "deleteTag",
]);

const bindings = (Object.keys(operations) as OperationId[]).map((id): Binding => {
  const route = routes[id];
  const run = operations[id] as never;
  return route.scope === null
    ? { route, run, isPublic: true }
    : { route, run, isPublic: false, changesDefinitions: changesDefinitions.has(id) };
});

export type AppOptions = {
  database: Database;
  clock?: () => Date;
};

/** What the service is. That it listens is the business of main; tests call it as it is. */
export async function createApp({
  database,
  clock = () => new Date(),
}: AppOptions): Promise<FastifyInstance> {
  const tokens = await openTokens(database.service, clock);
  const app = Fastify({
    logger: false,
    genReqId: () => newIdAt(clock()),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_000 },
    exposeHeadRoutes: true,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/json\b/i, { parseAs: "buffer" }, (request, bytes, done) => {
    request.bodyBytes = bytes as Buffer;
    try {
      done(null, bytes.length === 0 ? undefined : parseJson(bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    reply.header("cache-control", "no-store");
    reply.header("x-content-type-options", "nosniff");
  });
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, problemFrom(error)));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, new Problem("ROUTE_NOT_FOUND")));
  mount(app, bindings, { pool: database.service, tokens, clock });
  return app;
}
