import type { IncomingHttpHeaders } from "node:http";
import { Problem } from "@clientele/contract/errors";
import type { Route } from "@clientele/contract/route";
import type { Tokens } from "../../call.ts";
import type { Caller } from "../../database/as-enterprise.ts";

/** The `Authorization` header's token: `Bearer <token>`, or the bare token. */
function tokenOf(headers: IncomingHttpHeaders): string {
  const value = headers.authorization?.trim() ?? "";
  const token = /^bearer\s/i.test(value) ? value.slice(6).trim() : value;
  if (token === "" || /^bearer$/i.test(token)) throw new Problem("TOKEN_MISSING");
  return token;
}

/**
 * Identifies the caller by the token alone; entering the enterprise checks the caller against the database.
 * `company-id` only narrows.
 */
export async function authenticate(
  tokens: Tokens,
  headers: IncomingHttpHeaders,
  route: Route,
): Promise<Caller> {
  const claims = await tokens.verifyAccess(tokenOf(headers));
  const isPerson = "personId" in claims;
  const scope = (isPerson && route.personScope) || route.scope;
  if (scope === null || !claims.scopes.includes(scope)) throw new Problem("SCOPE_MISSING");
  const companyId = headers["company-id"];
  if (companyId !== undefined && !/^[0-9a-f]{24}$/.test(String(companyId)))
    throw new Problem("COMPANY_FORBIDDEN");
  const asking = {
    enterpriseId: claims.enterpriseId,
    companyId: (companyId as string | undefined) ?? null,
    scope,
  };
  return isPerson
    ? { kind: "person", id: claims.personId, sessionId: claims.sessionId, ...asking }
    : { kind: "app", id: claims.appId, secretVersion: claims.secretVersion, ...asking };
}
