import type { Scope } from "@clientele/contract/route";
import { listCompaniesOf } from "../companies/provision.ts";
import type { EnterpriseDatabase } from "../database/as-enterprise.ts";
import type { Database } from "../database/open.ts";
import { checkedName } from "../enterprises/name.ts";
import { changeEnterprise, readEnterprise } from "../enterprises/operations.ts";
import { newIdAt } from "../new-id.ts";
import { Refusal } from "../refusal.ts";
import { hashOf, newSecret } from "./secret.ts";
import * as store from "./store.ts";

type Operator = Database["operator"];

/** What an app may do when nothing else is asked for. ADMIN is asked for by name. */
export const allScopes: readonly Scope[] = ["READ", "WRITE", "DELETE"];

export type AppRequest = {
  name: string;
  /** All but ADMIN when absent. */
  scopes?: readonly Scope[];
  /** The branches it may act for. All when absent. */
  companyIds?: readonly string[] | null;
};

/** What an app shows to get a token. The secret is kept as a hash: here is the only time that it is seen. */
export type AppCredentials = { appId: string; appSecret: string };

export const newCredentials = (enterpriseId: string, now: Date): AppCredentials => ({
  appId: newIdAt(now),
  appSecret: newSecret(enterpriseId),
});

export async function createApp(
  operator: Operator,
  enterpriseId: string,
  request: AppRequest,
  now: Date,
): Promise<AppCredentials> {
  const credentials = newCredentials(enterpriseId, now);
  await changeEnterprise(operator, enterpriseId, (database) => addApp(database, credentials, request, now));
  return credentials;
}

/** The app with credentials that were made before. */
export async function addApp(
  database: EnterpriseDatabase,
  { appId, appSecret }: AppCredentials,
  { name, scopes = allScopes, companyIds = null }: AppRequest,
  now: Date,
): Promise<void> {
  if (companyIds !== null) await refuseUnknownCompanies(database, companyIds);
  const app = { id: appId, name: checkedName("An app", name), scopes, companyIds };
  await database.batch([store.insert(database.enterpriseId, { ...app, secretHash: hashOf(appSecret) }, now)]);
}

async function refuseUnknownCompanies(database: EnterpriseDatabase, ids: readonly string[]): Promise<void> {
  const known = new Set((await listCompaniesOf(database)).map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new Refusal(`Enterprise ${database.enterpriseId} has no company ${unknown.join(", ")}.`);
}

export const listApps = (operator: Operator, enterpriseId: string): Promise<store.App[]> =>
  readEnterprise(operator, enterpriseId, store.list);

/** A new secret for an app. The old one, and every token that was given for it, stop at once. */
export async function rotateApp(
  operator: Operator,
  enterpriseId: string,
  appId: string,
  now: Date,
): Promise<AppCredentials> {
  const appSecret = newSecret(enterpriseId);
  await changeApp(operator, enterpriseId, appId, store.rotate(enterpriseId, appId, hashOf(appSecret), now));
  return { appId, appSecret };
}

/** The end of an app: its secret and its tokens stop at once. */
export const revokeApp = (
  operator: Operator,
  enterpriseId: string,
  appId: string,
  now: Date,
): Promise<void> => changeApp(operator, enterpriseId, appId, store.revoke(enterpriseId, appId, now));

async function changeApp(
  operator: Operator,
  enterpriseId: string,
  appId: string,
  change: ReturnType<typeof store.revoke>,
): Promise<void> {
  await changeEnterprise(operator, enterpriseId, async (database) => {
    const changed = await database.query(change);
    if (changed.length > 0) return;
    const app = await store.find(database, appId);
    throw new Refusal(
      app
        ? `App ${appId} was revoked on ${app.revokedAt?.toISOString().slice(0, 10)} and stays so.`
        : `Enterprise ${enterpriseId} has no app ${appId}.`,
    );
  });
}
