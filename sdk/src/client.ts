import { type OperationId, routes } from "@clientele/contract";
import { isWrite, type Route } from "@clientele/contract/route";
import { type Change, type ChangePage, type ChangesInput, changesBehind } from "./changes.ts";
import { each } from "./each.ts";
import { ClienteleError } from "./error.ts";
import type { FileAnswer } from "./file-answer.ts";
import { type FollowOptions, followed, type ImportJob } from "./follow.ts";
import type { CallOptions, Input, Item, ListId, Method } from "./operation.ts";
import { newIdempotencyKey, requestOf } from "./request.ts";
import { type RetryPolicy, retrying, usualRetries } from "./retry.ts";
import { type Fetch, type Received, send, sendForFile } from "./send.ts";
import { accessTokens, type Pair } from "./tokens.ts";

/** What an app shows to get its tokens; or how a token is got by whoever has other means: a person who signed in. */
type Credentials = { appId: string; appSecret: string } | { issueToken: () => Promise<Pair> };

export type ClientOptions = Credentials & {
  /** Where the service is: `http://127.0.0.1:3030`. */
  baseUrl: string;
  /** The branch to act for, when not the whole enterprise. */
  companyId?: string;
  fetch?: Fetch;
  /** For one try of a call; of a file, while nothing of it moves. Default: a minute. */
  timeoutMs?: number;
  retry?: Partial<RetryPolicy>;
};

/** A method for each operation of the contract, by its operationId. */
export type Client = { readonly [Id in OperationId]: Method<Id> } & {
  /** Every item of a list, page after page: `for await (const customer of client.each("listCustomers", { q }))`. */
  each<Id extends ListId>(
    list: Id,
    input?: Omit<Input<Id>, "page" | "cursor" | "count">,
    options?: CallOptions,
  ): AsyncGenerator<Item<Id>, void, undefined>;
  /**
   * The import as it is, and each time that it has got on, until it is final:
   * `for await (const job of client.follow(importId))`. A connection that breaks is made again.
   */
  follow(importId: string, options?: FollowOptions): AsyncGenerator<ImportJob, void, undefined>;
  /**
   * What has happened to every record, and what happens, in order: `for await (const change of client.changes({ cursor }))`.
   * `onPage` tells the cursor to go on with another time.
   */
  changes(input?: ChangesInput, options?: CallOptions): AsyncGenerator<Change, void, undefined>;
};

const pageSize = 1_000;

/** A client of one app or person. Every call is tried again where that is safe, each write under one idempotency key. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, fetch = globalThis.fetch, timeoutMs = 60_000 } = options;
  if (!URL.canParse(baseUrl)) throw new TypeError(`baseUrl is not an address: ${baseUrl}`);
  const policy = { ...usualRetries, ...options.retry };

  // The call that needs the token tries again, not this one.
  const issue = (route: Route, body: unknown) =>
    send(fetch, requestOf(route, baseUrl, { body }), { timeoutMs }) as Promise<Pair & Received>;
  const tokens = accessTokens({
    byCredentials: () =>
      "issueToken" in options
        ? options.issueToken()
        : issue(routes.createToken, { appid: options.appId, appsecret: options.appSecret }),
    byRefreshToken: (refreshtoken) => issue(routes.refreshToken, { refreshtoken }),
  });

  async function call(
    route: Route,
    input: Record<string, unknown> = {},
    given: CallOptions & { retry?: RetryPolicy } = {},
  ): Promise<Received | FileAnswer> {
    const request = requestOf(route, baseUrl, input);
    const { signal, ifMatch, companyId = options.companyId } = given;
    if (companyId !== undefined) request.headers["company-id"] = companyId;
    if (ifMatch !== undefined) request.headers["if-match"] = ifMatch;
    if (isWrite(route)) request.headers["idempotency-key"] = given.idempotencyKey ?? newIdempotencyKey();
    const limits = { timeoutMs: given.timeoutMs ?? timeoutMs, signal };

    const { file } = request;
    const canBeSent = () => file?.canBeSent() ?? true;
    const sendOnce = (headers: Record<string, string>): Promise<Received | FileAnswer> =>
      route.shape === "file"
        ? sendForFile(fetch, { ...request, headers }, route.fileTypes ?? [], limits)
        : send(fetch, { ...request, headers }, limits);

    const withToken = async (mayRenew: boolean): Promise<Received | FileAnswer> => {
      const token = await tokens.current();
      try {
        return await sendOnce({ ...request.headers, authorization: `Bearer ${token}` });
      } catch (error) {
        if (!(error instanceof ClienteleError) || error.status !== 401) throw error;
        tokens.refused(token);
        if (!mayRenew || !canBeSent()) throw error;
        return withToken(false);
      }
    };
    const once = () => (route.scope === null ? sendOnce(request.headers) : withToken(true));
    try {
      const answer = await retrying(once, given.retry ?? policy, canBeSent, signal);
      if (route.status !== 202 && !route.accepted) return answer;
      return Object.assign(answer, { location: answer.headers.get("location") });
    } finally {
      await file?.close();
    }
  }

  const methods = Object.values<Route>(routes).map((route) => [
    route.operationId,
    (input?: Record<string, unknown>, given?: CallOptions) => call(route, input, given),
  ]);
  const pages: Client["each"] = (list, input, given) =>
    each(
      (query) => call(routes[list], { limit: pageSize, ...input, ...query }, given) as never,
      routes[list],
    );
  const follow: Client["follow"] = (importId, given = {}) =>
    followed(
      {
        stream: (retry) =>
          call(routes.followImport, { importId }, { ...given, retry }) as Promise<FileAnswer>,
        fetch: async (retry) =>
          (
            (await call(routes.fetchImport, { importId }, { ...given, retry })) as never as {
              data: ImportJob;
            }
          ).data,
      },
      policy,
      given,
    );
  const changes: Client["changes"] = (input = {}, given) =>
    changesBehind(
      async (query) => ((await call(routes.listChanges, query, given)) as never as { data: ChangePage }).data,
      input,
    );
  return { ...Object.fromEntries(methods), each: pages, follow, changes } as Client;
}
