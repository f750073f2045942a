import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll } from "vitest";
import { type AppOptions, createApp as createService } from "../app.ts";
import { type AppRequest, createApp } from "../apps/provision.ts";
import { createEnterprise } from "../enterprises/operations.ts";
import { importQueue } from "../imports/run/import-queue.ts";
import { addPerson, type PersonRequest } from "./people.ts";
import { runQueue } from "./run-queue.ts";
import { openTestDatabase, type TestDatabase } from "./test-database.ts";

// biome-ignore lint/suspicious/noExplicitAny: each test asserts the shape of its bodies.
type Body = any;
/** `body` is the parsed JSON, undefined for a file. */
export type Answer = { status: number; headers: Record<string, unknown>; text: string; body: Body };

type RequestOptions = { body?: unknown; headers?: Record<string, string>; query?: Record<string, string> };

/** A caller with a token. */
type Caller = {
  enterpriseId: string;
  token: string;
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, body: unknown, options?: RequestOptions): Promise<Answer>;
  patch(path: string, body: unknown, options?: RequestOptions): Promise<Answer>;
  delete(path: string, options?: RequestOptions): Promise<Answer>;
};
export type Client = Caller & { appId: string; appSecret: string };
type PersonClient = Caller & { personId: string; sessionId: string; email: string };

export type TestApp = {
  app: FastifyInstance;
  database: TestDatabase;
  /** Sends a request without a token. */
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Runs all accepted imports. */
  work(): Promise<void>;
  /** Creates an app in a new or the given enterprise. */
  client(options?: Partial<AppRequest> & { enterpriseId?: string }): Promise<Client>;
  /** Creates a person in a new or the given enterprise, by default an administrator. */
  person(options?: Partial<PersonRequest>): Promise<PersonClient>;
};

const isJson = (type: unknown): boolean => String(type).startsWith("application/json");

/** Reads an endless stream until it has caught up, then closes it. */
async function readUntilCaughtUp(response: LightMyRequestResponse): Promise<string> {
  let text = "";
  for await (const chunk of response.stream().setEncoding("utf8")) {
    text += chunk;
    if (text.includes("event: caught-up\n")) break;
  }
  response.raw.res.destroy();
  return text;
}

/** Starts the service in this process, on its own database, for the tests of one file. */
export function startApp(options: Omit<AppOptions, "database"> = {}): TestApp {
  const registry = {} as TestApp;
  beforeAll(async () => {
    registry.database = await openTestDatabase();
    registry.app = await createService({ database: registry.database, ...options });
  });
  afterAll(async () => {
    await registry.app.close();
    await registry.database.close();
  });

  registry.call = async (method, path, { body, headers = {}, query } = {}) => {
    const isRaw = typeof body === "string" || Buffer.isBuffer(body);
    const isEndless = /\/stream\/?(\?|$)/.test(path);
    const response = await registry.app.inject({
      ...(isEndless ? { payloadAsStream: true } : {}),
      method: method as "GET",
      url: path,
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      ...(query ? { query } : {}),
      ...(body === undefined ? {} : { payload: isRaw ? (body as string) : JSON.stringify(body) }),
    });
    const text = isEndless ? await readUntilCaughtUp(response) : response.body;
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      body: isJson(response.headers["content-type"]) ? JSON.parse(text || "null") : undefined,
    };
  };

  registry.work = async () => {
    const { operator, service } = registry.database;
    const clock = options.clock ?? (() => new Date());
    const onError = (error: unknown) => {
      throw error;
    };
    await runQueue(operator, importQueue({ pool: service, clock, onError }));
  };

  registry.client = async ({ enterpriseId, ...request } = {}) => {
    const now = options.clock?.() ?? new Date();
    const enterprise = enterpriseId ?? (await createEnterprise(registry.database.operator, "Test", now));
    const { appId, appSecret } = await createApp(
      registry.database.operator,
      enterprise,
      { name: "Test app", ...request },
      now,
    );
    const granted = await registry.call("POST", "/v1/auth/token", {
      body: { appid: appId, appsecret: appSecret },
    });
    const token = granted.body.accessToken as string;
    return { ...callerOf(enterprise, token), appId, appSecret };
  };

  registry.person = async ({ enterpriseId, ...request } = {}) => {
    const clock = options.clock ?? (() => new Date());
    const enterprise = enterpriseId ?? (await createEnterprise(registry.database.operator, "Test", clock()));
    const { token, ...person } = await addPerson(
      registry.database,
      { ...request, enterpriseId: enterprise },
      clock,
    );
    return { ...callerOf(enterprise, token), ...person };
  };

  function callerOf(enterpriseId: string, token: string): Caller {
    const request: Caller["request"] = (method, path, { headers, ...rest } = {}) =>
      registry.call(method, path, { ...rest, headers: { authorization: `Bearer ${token}`, ...headers } });
    return {
      enterpriseId,
      token,
      request,
      get: (path, options) => request("GET", path, options),
      post: (path, body, options) => request("POST", path, { ...options, body }),
      patch: (path, body, options) => request("PATCH", path, { ...options, body }),
      delete: (path, options) => request("DELETE", path, options),
    };
  }
  return registry;
}
