import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll } from "vitest";
import { type AppOptions, createApp as createService } from "../app.ts";
import { type AppRequest, createApp } from "../apps/provision.ts";
import { simulateTime } from "../database/pools.ts";
import { createEnterprise } from "../enterprises/operations.ts";
import { importQueue } from "../imports/run/import-queue.ts";
import { addPerson, type PersonRequest } from "./people.ts";
import { runQueue } from "./run-queue.ts";
import { openTestDatabase, type TestDatabase } from "./test-database.ts";
import { changesAreVisible } from "./visible-changes.ts";

// biome-ignore lint/suspicious/noExplicitAny: a test says of a body what it expects of it.
type Body = any;
/** `body` is the parsed JSON; undefined for a file. */
export type Answer = { status: number; headers: Record<string, unknown>; text: string; body: Body };

type RequestOptions = { body?: unknown; headers?: Record<string, string>; query?: Record<string, string> };

/** A client with its own token. */
type Calling = {
  enterpriseId: string;
  token: string;
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, body: unknown, options?: RequestOptions): Promise<Answer>;
  patch(path: string, body: unknown, options?: RequestOptions): Promise<Answer>;
  delete(path: string, options?: RequestOptions): Promise<Answer>;
};
export type Client = Calling & { appId: string; appSecret: string };
type PersonClient = Calling & { personId: string; sessionId: string; email: string };

export type TestApp = {
  app: FastifyInstance;
  database: TestDatabase;
  /** Sends a raw request without a token. */
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Runs all background work until none is left. */
  work(): Promise<void>;
  /** An app of a new or an existing enterprise. */
  client(options?: Partial<AppRequest> & { enterpriseId?: string }): Promise<Client>;
  /** A person of a new or an existing enterprise; an administrator by default. */
  person(options?: Partial<PersonRequest>): Promise<PersonClient>;
};

const isJson = (type: unknown): boolean => String(type).startsWith("application/json");

/** Reads an endless stream until it has caught up, then closes it. */
async function readAvailable(response: LightMyRequestResponse): Promise<string> {
  let text = "";
  for await (const piece of response.stream().setEncoding("utf8")) {
    text += piece;
    if (text.includes("event: caught-up\n")) break;
  }
  response.raw.res.destroy();
  return text;
}

/** The service in process on a database of its own, for one test file. */
export function startApp(options: Omit<AppOptions, "database"> = {}): TestApp {
  const it = {} as TestApp;
  beforeAll(async () => {
    it.database = await openTestDatabase();
    if (options.clock)
      for (const pool of [it.database.service, it.database.operator]) simulateTime(pool, options.clock);
    it.app = await createService({ database: it.database, ...options });
  });
  afterAll(async () => {
    await it.app.close();
    await it.database.close();
  });

  it.call = async (method, path, { body, headers = {}, query } = {}) => {
    const isRaw = typeof body === "string" || Buffer.isBuffer(body);
    const isEndless = /\/stream\/?(\?|$)/.test(path);
    const response = await it.app.inject({
      ...(isEndless ? { payloadAsStream: true } : {}),
      method: method as "GET",
      url: path,
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      ...(query ? { query } : {}),
      ...(body === undefined ? {} : { payload: isRaw ? (body as string) : JSON.stringify(body) }),
    });
    const text = isEndless ? await readAvailable(response) : response.body;
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      body: isJson(response.headers["content-type"]) ? JSON.parse(text || "null") : undefined,
    };
  };

  it.work = async () => {
    const { operator, service } = it.database;
    const clock = options.clock ?? (() => new Date());
    const onError = (error: unknown) => {
      throw error;
    };
    await runQueue(operator, importQueue({ pool: service, clock, onError }));
  };

  async function newEnterprise(): Promise<string> {
    const id = await createEnterprise(it.database.operator, "Test", options.clock?.() ?? new Date());
    if (options.clock) await changesAreVisible(it.database);
    return id;
  }

  it.client = async ({ enterpriseId, ...request } = {}) => {
    const now = options.clock?.() ?? new Date();
    const enterprise = enterpriseId ?? (await newEnterprise());
    const { appId, appSecret } = await createApp(
      it.database.operator,
      enterprise,
      { name: "Test app", ...request },
      now,
    );
    const granted = await it.call("POST", "/v1/auth/token", { body: { appid: appId, appsecret: appSecret } });
    const token = granted.body.accessToken as string;
    return { ...calling(enterprise, token), appId, appSecret };
  };

  it.person = async ({ enterpriseId, ...request } = {}) => {
    const clock = options.clock ?? (() => new Date());
    const enterprise = enterpriseId ?? (await newEnterprise());
    const { token, ...person } = await addPerson(
      it.database,
      { ...request, enterpriseId: enterprise },
      clock,
    );
    return { ...calling(enterprise, token), ...person };
  };

  function calling(enterpriseId: string, token: string): Calling {
    const request: Calling["request"] = (method, path, { headers, ...rest } = {}) =>
      it.call(method, path, { ...rest, headers: { authorization: `Bearer ${token}`, ...headers } });
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
  return it;
}
