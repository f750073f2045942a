import type { AnswerOf, RequestOf, Route } from "@clientele/contract/route";
import type { EnterpriseDatabase } from "./database/as-enterprise.ts";

/** One request of one caller, as an operation is given it. */
export type Call = {
  database: EnterpriseDatabase;
  /** The app that calls, or the person; neither is the operator. */
  appId: string | null;
  personId: string | null;
  /** The branch it acts for. */
  companyId: string | null;
  requestId: string;
  /** Whole seconds, as all times on the wire. */
  now: Date;
  newId(): string;
  /** Sign the cursors of lists, the newest first. */
  cursorKeys: readonly Uint8Array[];
  /** Aborted when the service stops: an answer without an end comes to one. */
  stopping: AbortSignal;
  /** Aborted when whoever asked has gone away before the answer. */
  clientGone(): AbortSignal;
  /** The last event that a follower of server-sent events has heard, when its connection is made again. */
  lastEventId?: string;
  /** The version that `If-Match` names; undefined when the caller does not care. */
  expectedVersion?: number;
};

/** What may happen on a route: the rules, given a request that fits the contract. */
export type Operation<R extends Route> = (call: Call, request: RequestOf<R>) => Promise<AnswerOf<R>>;

/** A request that needs no token: it finds its enterprise by what it shows. */
export type PublicCall = {
  now: Date;
  /** Reads of one enterprise; refuses with TOKEN_INVALID when there is no such enterprise. */
  enter(enterpriseId: string): EnterpriseDatabase;
  tokens: Tokens;
};

export type PublicOperation<R extends Route> = (
  call: PublicCall,
  request: RequestOf<R>,
) => Promise<AnswerOf<R>>;

/** What a token says of an app. */
export type Grant = { enterpriseId: string; appId: string; secretVersion: number; scopes: readonly string[] };

/** What a token says of a person: it lives no longer than the session. */
export type PersonGrant = {
  enterpriseId: string;
  personId: string;
  sessionId: string;
  scopes: readonly string[];
};

export type Tokens = {
  /** A pair for an app whose secret was checked. */
  issue(grant: Grant, now: Date): Promise<{ accessToken: string; refreshToken: string; expires: number }>;
  /** An access token alone, for a person who is signed in. */
  issueToPerson(grant: PersonGrant, now: Date): Promise<{ accessToken: string; expires: number }>;
  verifyAccess(token: string): Promise<Grant | PersonGrant>;
  verifyRefresh(token: string): Promise<Grant>;
};
