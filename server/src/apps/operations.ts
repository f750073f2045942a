import type * as contract from "@clientele/contract/apps";
import { pageOf } from "@clientele/contract/envelopes";
import { bodyError, type FieldError, Problem, problemOf } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { type Static, timestampOf } from "@clientele/contract/formats";
import type { RequestOf } from "@clientele/contract/route";
import type { Call, Operation } from "../call.ts";
import { knownCompanies } from "../companies/known-companies.ts";
import type { Sql } from "../database/sql.ts";
import { changedColumns } from "../journal/difference.ts";
import { normalized } from "../text/normalize.ts";
import { exceeds, type Grant, grantOf } from "./grant.ts";
import { appChanged } from "./journal.ts";
import { defaultScopes } from "./provision.ts";
import { hashSecret, newSecret } from "./secret.ts";
import * as store from "./store.ts";

/** Apps are few, even with revoked ones, so paging happens in memory. */
export const list: Operation<typeof contract.listApps> = async ({ database }, { query }) => {
  const { page, limit, offset } = pageOf(query);
  const apps = (await store.list(database)).reverse();
  return { data: apps.slice(offset, offset + limit).map(answerApp), total: apps.length, page, limit };
};

export const create: Operation<typeof contract.createApp> = async (call, { body }) => {
  const { database, now } = call;
  const { companyIds } = grantOf(call);
  const newApp: store.App = {
    id: call.newId(),
    name: "",
    scopes: defaultScopes,
    companyIds,
    createdAt: now,
    ...store.initialState,
  };
  const app = await applyInput(call, newApp, body);
  const secret = newSecret(database.enterpriseId);
  await database.batch([
    store.insert(database.enterpriseId, { ...app, secretHash: hashSecret(secret) }, now),
    appChanged(call, "request", null, app),
  ]);
  return { data: { ...answerApp(app), secret }, version: app.version };
};

export const update: Operation<typeof contract.updateApp> = async (call, { params, body }) => {
  const before = await lockApp(call, params.appId);
  const app = await applyInput(call, before, body);
  if (changedColumns(store.journaledAttributes, before, app) === null)
    return { data: answerApp(before), version: before.version };
  return { data: answerApp(await write(call, before, app)), version: before.version + 1 };
};

export const rotate: Operation<typeof contract.rotateApp> = async (call, { params }) => {
  const before = await lockApp(call, params.appId);
  const secret = newSecret(call.database.enterpriseId);
  const app = { ...before, secretVersion: before.secretVersion + 1, rotatedAt: call.now };
  const stored = await write(
    call,
    before,
    app,
    store.rotate(call.database.enterpriseId, app.id, hashSecret(secret), call.now),
  );
  return { data: { ...answerApp(stored), secret }, version: stored.version };
};

export const revoke: Operation<typeof contract.revokeApp> = async (call, { params }) => {
  const app = await lockApp(call, params.appId);
  const { enterpriseId } = call.database;
  await call.database.batch([
    store.revoke(enterpriseId, app.id, call.now),
    appChanged(call, "request", app, null),
  ]);
  return { data: { id: app.id } };
};

/** Locks the app in the path. Throws APP_NOT_FOUND, GRANT_EXCEEDED, APP_REVOKED or VERSION_MISMATCH. */
async function lockApp(call: Call, id: string): Promise<store.App> {
  const app = await store.lock(call.database, id);
  if (!app) throw new Problem("APP_NOT_FOUND");
  // The secret of an app with wider access would widen the caller's own.
  if (exceeds(app, grantOf(call))) throw new Problem("GRANT_EXCEEDED");
  if (app.revokedAt !== null) throw new Problem("APP_REVOKED");
  if (call.expectedVersion !== undefined && call.expectedVersion !== app.version)
    throw new Problem("VERSION_MISMATCH");
  return app;
}

type AppInput = Partial<RequestOf<typeof contract.updateApp>["body"]>;

/** Applies the body to an app. Throws with every error. */
async function applyInput(call: Call, app: store.App, body: AppInput): Promise<store.App> {
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
  fieldErrors.push(...(body.company_ids ? await unknownCompanyErrors(call, grant, body.company_ids) : []));
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  return { ...app, name, scopes, companyIds };
}

/** A company outside of the caller's grant is reported as nonexistent. */
async function unknownCompanyErrors(
  { database }: Call,
  grant: Grant,
  ids: readonly string[],
): Promise<FieldError[]> {
  const own = grant.companyIds === null ? ids : ids.filter((id) => grant.companyIds?.includes(id));
  const permittedIds = await knownCompanies(database, own);
  return ids.flatMap((id, index) =>
    permittedIds.has(id)
      ? []
      : [bodyError(`company_ids.${index}`, "COMPANY_UNKNOWN", reason("COMPANY_UNKNOWN"))],
  );
}

async function write(
  call: Call,
  before: store.App,
  app: store.App,
  ...statements: Sql[]
): Promise<store.App> {
  const stored = { ...app, version: before.version + 1 };
  await call.database.batch([
    ...statements,
    store.update(call.database.enterpriseId, stored),
    appChanged(call, "request", before, stored),
  ]);
  return stored;
}

const timeOf = (time: Date | null): string | null => time && timestampOf(time);

const answerApp = (app: store.App): Static<typeof contract.App> => ({
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
