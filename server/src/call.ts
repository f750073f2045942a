import type { AnswerOf, RequestOf, Route } from "@clientele/contract/route";
import type { EnterpriseDatabase } from "./database/as-enterprise.ts";

/** The context of an authenticated request. */
export type Call = {
  database: EnterpriseDatabase;
  /** The calling app or person; both are null for the operator. */
  appId: string | null;
  personId: string | null;
  /** The branch that the caller acts for. */
  companyId: string | null;
  requestId: string;
  /** In whole seconds, like all times of the API. */
  now: Date;
  newId(): string;
  /** Keys that sign list cursors, newest first. */
  cursorKeys: readonly Uint8Array[];
  /** Aborted when the service stops, to end streams. */
  stopping: AbortSignal;
  /** Aborted when the client disconnects before the response. */
  clientGone(): AbortSignal;
  /** The last event that a client of server-sent events received before it reconnected. */
  lastEventId?: string;
  /** The version that `If-Match` names; undefined without that header. */
  expectedVersion?: number;
};

/** The implementation of a route; its request has been validated. */
export type Operation<R extends Route> = (call: Call, request: RequestOf<R>) => Promise<AnswerOf<R>>;

/** The context of a request without a token, which identifies its enterprise by other credentials. */
export type PublicCall = {
  now: Date;
  /** The database of an enterprise. Reads throw TOKEN_INVALID if there is no such enterprise. */
  enter(enterpriseId: string): EnterpriseDatabase;
  tokens: Tokens;
};

export type PublicOperation<R extends Route> = (
  call: PublicCall,
  request: RequestOf<R>,
) => Promise<AnswerOf<R>>;

/** The claims of an app's token. */
export type Grant = { enterpriseId: string; appId: string; secretVersion: number; scopes: readonly string[] };

/** The claims of a person's token, which is valid only during the session. */
export type PersonGrant = {
  enterpriseId: string;
  personId: string;
  sessionId: string;
  scopes: readonly string[];
};

export type Tokens = {
  /** Issues a pair of tokens to an app after its secret was verified. */
  issue(grant: Grant, now: Date): Promise<{ accessToken: string; refreshToken: string; expires: number }>;
  /** Issues an access token to a person who is signed in. */
  issueToPerson(grant: PersonGrant, now: Date): Promise<{ accessToken: string; expires: number }>;
  verifyAccess(token: string): Promise<Grant | PersonGrant>;
  verifyRefresh(token: string): Promise<Grant>;
};
