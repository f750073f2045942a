import { type OperationId, routes } from "@clientele/contract";
import { isWrite, type Route } from "@clientele/contract/route";
import { accessTokens, type TokenPair } from "./access-tokens.ts";
import { type Change, type ChangePage, type ChangesInput, followChanges } from "./change-feed.ts";
import { ClienteleError } from "./error.ts";
import type { FileAnswer } from "./file-response.ts";
import { type FollowOptions, followImport, type ImportJob } from "./follow-import.ts";
import { listPages } from "./list-pages.ts";
import type { CallOptions, Input, Item, ListId, Method } from "./operation.ts";
import { newIdempotencyKey, requestOf } from "./request.ts";
import { defaultRetryPolicy, type RetryPolicy, withRetries } from "./retry.ts";
import { type Fetch, type Received, send, sendForFile } from "./send.ts";

/** The app's credentials, or a function that gets a token by other means, such as a person's session. */
type Credentials = { appId: string; appSecret: string } | { issueToken: () => Promise<TokenPair> };

export type ClientOptions = Credentials & {
  /** Address of the service, such as `http://127.0.0.1:3030`. */
  baseUrl: string;
  /** Id of the branch (company) to act for. Default: the whole enterprise. */
  companyId?: string;
  fetch?: Fetch;
  /** Timeout of one try in ms; for a file, the longest time without a byte sent or received. Default: 60,000. */
  timeoutMs?: number;
  retry?: Partial<RetryPolicy>;
};

/** One method per operation of the contract, named by its operationId. */
export type Client = { readonly [Id in OperationId]: Method<Id> } & {
  /** Iterates over all items of a list, page by page: `for await (const customer of client.each("listCustomers", { q }))`. */
  each<Id extends ListId>(
    list: Id,
    input?: Omit<Input<Id>, "page" | "cursor" | "count">,
    options?: CallOptions,
  ): AsyncGenerator<Item<Id>, void, undefined>;
  /**
   * Yields the import now and after each step until its final phase:
   * `for await (const job of client.follow(importId))`. Reconnects when the connection breaks.
   */
  follow(importId: string, options?: FollowOptions): AsyncGenerator<ImportJob, void, undefined>;
  /**
   * Yields past and future changes of all records in order: `for await (const change of client.changes({ cursor }))`.
   * `onPage` receives the cursor to continue from later.
   */
  changes(input?: ChangesInput, options?: CallOptions): AsyncGenerator<Change, void, undefined>;
};

const pageSize = 1_000;

/** Creates a client for one app or person. Calls are retried where safe; a write keeps its idempotency key. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, fetch = globalThis.fetch, timeoutMs = 60_000 } = options;
  if (!URL.canParse(baseUrl)) throw new TypeError(`baseUrl is not a valid URL: ${baseUrl}`);
  const policy = { ...defaultRetryPolicy, ...options.retry };

  // No retries here: the call that needs the token retries.
  const issue = (route: Route, body: unknown) =>
    send(fetch, requestOf(route, baseUrl, { body }), { timeoutMs }) as Promise<TokenPair & Received>;
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

    const withToken = async (canRenew: boolean): Promise<Received | FileAnswer> => {
      const token = await tokens.current();
      try {
        return await sendOnce({ ...request.headers, authorization: `Bearer ${token}` });
      } catch (error) {
        if (!(error instanceof ClienteleError) || error.status !== 401) throw error;
        tokens.discard(token);
        if (!canRenew || !canBeSent()) throw error;
        return withToken(false);
      }
    };
    const once = () => (route.scope === null ? sendOnce(request.headers) : withToken(true));
    try {
      const answer = await withRetries(once, given.retry ?? policy, canBeSent, signal);
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
    listPages(
      (query) => call(routes[list], { limit: pageSize, ...input, ...query }, given) as never,
      routes[list],
    );
  const follow: Client["follow"] = (importId, given = {}) =>
    followImport(
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
    followChanges(
      async (query) => ((await call(routes.listChanges, query, given)) as never as { data: ChangePage }).data,
      input,
    );
  return { ...Object.fromEntries(methods), each: pages, follow, changes } as Client;
}
