import type * as contract from "@clientele/contract/apps";
import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { type Static, timestampOf } from "@clientele/contract/formats";
import type { RequestOf } from "@clientele/contract/route";
import type { Call, Operation } from "../call.ts";
import { knownCompanies } from "../companies/known-companies.ts";
import type { Sql } from "../database/sql.ts";
import { differenceOf } from "../journal/difference.ts";
import { normalized } from "../text/normalize.ts";
import { exceeds, type Grant, grantOf } from "./grant.ts";
import { appChanged } from "./journal.ts";
import { allScopes } from "./provision.ts";
import { hashOf, newSecret } from "./secret.ts";
import * as store from "./store.ts";

/** They are few: what is revoked stays, but nobody makes thousands. */
export const list: Operation<typeof contract.listApps> = async ({ database }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const apps = (await store.list(database)).reverse();
  return { data: apps.slice(offset, offset + limit).map(answer), total: apps.length, page, limit };
};

export const create: Operation<typeof contract.createApp> = async (call, { body }) => {
  const { database, now } = call;
  const { companyIds } = grantOf(call);
  const fresh: store.App = {
    id: call.newId(),
    name: "",
    scopes: allScopes,
    companyIds,
    createdAt: now,
    ...store.unused,
  };
  const app = await written(call, fresh, body);
  const secret = newSecret(database.enterpriseId);
  await database.batch([
    store.insert(database.enterpriseId, { ...app, secretHash: hashOf(secret) }, now),
    appChanged(call, "request", null, app),
  ]);
  return { data: { ...answer(app), secret }, version: app.version };
};

export const update: Operation<typeof contract.updateApp> = async (call, { params, body }) => {
  const before = await current(call, params.appId);
  const app = await written(call, before, body);
  if (differenceOf(store.attributes, before, app) === null)
    return { data: answer(before), version: before.version };
  return { data: answer(await write(call, before, app)), version: before.version + 1 };
};

export const rotate: Operation<typeof contract.rotateApp> = async (call, { params }) => {
  const before = await current(call, params.appId);
  const secret = newSecret(call.database.enterpriseId);
  const app = { ...before, secretVersion: before.secretVersion + 1, rotatedAt: call.now };
  const stored = await write(
    call,
    before,
    app,
    store.rotate(call.database.enterpriseId, app.id, hashOf(secret), call.now),
  );
  return { data: { ...answer(stored), secret }, version: stored.version };
};

export const revoke: Operation<typeof contract.revokeApp> = async (call, { params }) => {
  const app = await current(call, params.appId);
  const { enterpriseId } = call.database;
  await call.database.batch([
    store.revoke(enterpriseId, app.id, call.now),
    appChanged(call, "request", app, null),
  ]);
  return { data: { id: app.id } };
};

/** The app that a path names, for this transaction alone, when its caller may change it. */
async function current(call: Call, id: string): Promise<store.App> {
  const app = await store.lock(call.database, id);
  if (!app) throw new Problem("APP_NOT_FOUND");
  // With the secret of an app that may do more, its caller could do more as well.
  if (exceeds(app, grantOf(call))) throw new Problem("GRANT_EXCEEDED");
  if (app.revokedAt !== null) throw new Problem("APP_REVOKED");
  if (call.expectedVersion !== undefined && call.expectedVersion !== app.version)
    throw new Problem("VERSION_MISMATCH");
  return app;
}

type Written = Partial<RequestOf<typeof contract.updateApp>["body"]>;

/** What the body makes of an app. Refuses with every error. */
async function written(call: Call, app: store.App, body: Written): Promise<store.App> {
  const fieldErrors: FieldError[] = [];
  const name = body.name === undefined ? app.name : normalized(body.name);
  if (name === "") fieldErrors.push(bodyError("name", "REQUEST_INVALID", reason("EMPTY")));
  const companyIds =
    body.company_ids === undefined ? app.companyIds : body.company_ids && [...new Set(body.company_ids)];
  const scopes = body.scopes === undefined ? app.scopes : [...new Set(body.scopes)];
  const grant: Grant = grantOf(call);
  for (const [index, scope] of scopes.entries()) {
    if (!grant.scopes.includes(scope))
      fieldErrors.push(bodyError(`scopes.${index}`, "GRANT_EXCEEDED", reason("SCOPE_NOT_OWN", { scope })));
  }
  if (companyIds === null && grant.companyIds !== null)
    fieldErrors.push(bodyError("company_ids", "GRANT_EXCEEDED", reason("COMPANIES_NOT_OWN")));
  fieldErrors.push(...(body.company_ids ? await unknownCompanies(call, grant, body.company_ids) : []));
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return { ...app, name, scopes, companyIds };
}

/** A company that the caller may not act for is one of nobody to it. */
async function unknownCompanies(
  { database }: Call,
  grant: Grant,
  ids: readonly string[],
): Promise<FieldError[]> {
  const own = grant.companyIds === null ? ids : ids.filter((id) => grant.companyIds?.includes(id));
  const known = await knownCompanies(database, own);
  return ids.flatMap((id, index) =>
    known.has(id) ? [] : [bodyError(`company_ids.${index}`, "COMPANY_UNKNOWN", reason("COMPANY_UNKNOWN"))],
  );
}

async function write(call: Call, before: store.App, app: store.App, ...more: Sql[]): Promise<store.App> {
  const stored = { ...app, version: before.version + 1 };
  await call.database.batch([
    ...more,
    store.update(call.database.enterpriseId, stored),
    appChanged(call, "request", before, stored),
  ]);
  return stored;
}

const timeOf = (time: Date | null): string | null => time && timestampOf(time);

const answer = (app: store.App): Static<typeof contract.App> => ({
  id: app.id,
  name: app.name,
  scopes: [...app.scopes],
  companyIds: app.companyIds && [...app.companyIds],
  secretVersion: app.secretVersion,
  createdAt: timestampOf(app.createdAt),
  rotatedAt: timeOf(app.rotatedAt),
  revokedAt: timeOf(app.revokedAt),
  lastUsedAt: timeOf(app.lastUsedAt),
});
