import { bodyError, Problem } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type * as contract from "@clientele/contract/tokens";
import type { PublicCall, PublicOperation } from "../call.ts";
import { enterpriseIdOfSecret, matchesHash } from "./secret.ts";
import * as store from "./store.ts";

export const createToken: PublicOperation<typeof contract.createToken> = (call, { body }) =>
  issueTokens(call, body.appid, body.appsecret);

export const createTokenByQuery: PublicOperation<typeof contract.createTokenByQuery> = (call, { query }) =>
  issueTokens(call, query.appid, query.appsecret);

export const refreshToken: PublicOperation<typeof contract.refreshToken> = async (call, { body }) => {
  const token = body.refreshtoken ?? body.refreshToken;
  if (token === undefined) {
    const fieldError = bodyError("refreshtoken", "REQUEST_INVALID", reason("REQUIRED"));
    throw new Problem("REQUEST_INVALID", { fieldErrors: [fieldError] });
  }
  const { enterpriseId, appId, secretVersion } = await call.tokens.verifyRefresh(token);
  const app = await store.find(call.enter(enterpriseId), appId);
  if (!app || app.revokedAt !== null || app.secretVersion !== secretVersion)
    throw new Problem("TOKEN_INVALID");
  return call.tokens.issue({ enterpriseId, appId, secretVersion, scopes: app.scopes }, call.now);
};

/**
 * Issues tokens for an app's secret. Throws CREDENTIALS_INVALID for an unknown app and for a wrong secret
 * alike.
 */
async function issueTokens(call: PublicCall, appId: string, secret: string) {
  const enterpriseId = enterpriseIdOfSecret(secret);
  const app = enterpriseId === null ? undefined : await findApp(call, enterpriseId, appId);
  if (enterpriseId === null || !app || app.revokedAt !== null || !matchesHash(secret, app.secretHash)) {
    throw new Problem("CREDENTIALS_INVALID");
  }
  const { secretVersion, scopes } = app;
  return call.tokens.issue({ enterpriseId, appId, secretVersion, scopes }, call.now);
}

const findApp = (call: PublicCall, enterpriseId: string, appId: string) =>
  store.find(call.enter(enterpriseId), appId).catch((error: unknown) => {
    if (error instanceof Problem && error.code === "TOKEN_INVALID") return undefined;
    throw error;
  });
