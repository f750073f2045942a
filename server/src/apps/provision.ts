import type { Scope } from "@clientele/contract/route";
import { knownCompanies } from "../companies/known-companies.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import type { OperatorPool } from "../database/pools.ts";
import type { Sql } from "../database/sql.ts";
import { checkedName } from "../enterprises/name.ts";
import { changeEnterprise, readEnterprise } from "../enterprises/operations.ts";
import { newIdAt } from "../ids/new-id.ts";
import { type Author, operatorOf } from "../journal/append.ts";
import { OperatorError } from "../process/operator-error.ts";
import { appChanged } from "./journal.ts";
import { hashSecret, newSecret } from "./secret.ts";
import * as store from "./store.ts";

/** The default scopes; ADMIN must be requested. */
export const defaultScopes: readonly Scope[] = ["READ", "WRITE", "DELETE"];

export type AppRequest = {
  name: string;
  /** All scopes except ADMIN when absent. */
  scopes?: readonly Scope[];
  /** The companies the app may act for; all when absent. */
  companyIds?: readonly string[] | null;
};

/** Credentials of an app. Only a hash of the secret is stored, so this is the only time it is visible. */
export type AppCredentials = { appId: string; appSecret: string };

export const newCredentials = (enterpriseId: string, now: Date): AppCredentials => ({
  appId: newIdAt(now),
  appSecret: newSecret(enterpriseId),
});

export async function createApp(
  operator: OperatorPool,
  enterpriseId: string,
  request: AppRequest,
  now: Date,
): Promise<AppCredentials> {
  const credentials = newCredentials(enterpriseId, now);
  await changeEnterprise(operator, enterpriseId, (database) => addApp(database, credentials, request, now));
  return credentials;
}

/** Creates an app with given credentials. */
export async function addApp(
  database: EnterpriseDatabase,
  { appId, appSecret }: AppCredentials,
  { name, scopes = defaultScopes, companyIds = null }: AppRequest,
  now: Date,
): Promise<void> {
  if (companyIds !== null) await refuseUnknownCompanies(database, companyIds);
  const attributes = { id: appId, name: checkedName("An app", name), scopes, companyIds };
  const app = { ...attributes, createdAt: now, ...store.initialState };
  await database.batch([
    store.insert(database.enterpriseId, { ...app, secretHash: hashSecret(appSecret) }, now),
    appChanged(operatorOf(database, now), "operator", null, app),
  ]);
}

async function refuseUnknownCompanies(database: EnterpriseDatabase, ids: readonly string[]): Promise<void> {
  const existing = await knownCompanies(database, ids);
  const unknown = ids.filter((id) => !existing.has(id));
  if (unknown.length === 0) return;
  throw new OperatorError(`Enterprise ${database.enterpriseId} has no company ${unknown.join(", ")}.`);
}

export const listApps = (operator: OperatorPool, enterpriseId: string): Promise<store.App[]> =>
  readEnterprise(operator, enterpriseId, store.list);

/** Rotates the secret of an app. The old secret and its tokens become invalid at once. */
export async function rotateApp(
  operator: OperatorPool,
  enterpriseId: string,
  appId: string,
  now: Date,
): Promise<AppCredentials> {
  const appSecret = newSecret(enterpriseId);
  await changeApp(operator, enterpriseId, appId, now, (app, author) => [
    store.rotate(enterpriseId, appId, hashSecret(appSecret), now),
    appChanged(author, "operator", app, {
      ...app,
      secretVersion: app.secretVersion + 1,
      version: app.version + 1,
    }),
  ]);
  return { appId, appSecret };
}

/** Revokes an app. Its secret and tokens become invalid at once. */
export const revokeApp = (
  operator: OperatorPool,
  enterpriseId: string,
  appId: string,
  now: Date,
): Promise<void> =>
  changeApp(operator, enterpriseId, appId, now, (app, author) => [
    store.revoke(enterpriseId, appId, now),
    appChanged(author, "operator", app, null),
  ]);

async function changeApp(
  operator: OperatorPool,
  enterpriseId: string,
  appId: string,
  now: Date,
  change: (app: store.App, author: Author) => Sql[],
): Promise<void> {
  await changeEnterprise(operator, enterpriseId, async (database) => {
    const app = await store.lock(database, appId);
    if (!app) throw new OperatorError(`Enterprise ${enterpriseId} has no app ${appId}.`);
    if (app.revokedAt !== null)
      throw new OperatorError(
        `App ${appId} was revoked on ${app.revokedAt.toISOString().slice(0, 10)} and cannot be restored.`,
      );
    await database.batch(change(app, operatorOf(database, now)));
  });
}
