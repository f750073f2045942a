import { type OperationId, type Routes, routes } from "@clientele/contract";
import type { FastifyInstance } from "fastify";
import pino, { type Logger } from "pino";
import packageOfServer from "../package.json" with { type: "json" };
import * as appAdministration from "./apps/operations.ts";
import * as apps from "./apps/token-operations.ts";
import type { Operation, PublicOperation } from "./call.ts";
import { listCategoryHistory } from "./categories/history.ts";
import * as categories from "./categories/operations.ts";
import * as changes from "./changes/operations.ts";
import { streamChanges } from "./changes/stream.ts";
import * as companies from "./companies/operations.ts";
import { listFieldHistory } from "./custom-fields/history.ts";
import * as customFields from "./custom-fields/operations.ts";
import { tryCustomField } from "./custom-fields/try-value.ts";
import { listHistory } from "./customers/history/operations.ts";
import { restore } from "./customers/history/restore.ts";
import * as customerList from "./customers/list/operations.ts";
import * as customers from "./customers/operations.ts";
import type { Caller } from "./database/as-enterprise.ts";
import type { Database } from "./database/open.ts";
import * as events from "./events/operations.ts";
import { exportCustomers, exportSelection } from "./exports/operations.ts";
import * as fieldChanges from "./field-changes/operations.ts";
import { orderCustomFields } from "./field-changes/order-fields.ts";
import { openTokens } from "./http/auth/tokens.ts";
import { readConsole } from "./http/console.ts";
import { openRateLimit, type RateLimits, usualRateLimits } from "./http/limits/rate-limit.ts";
import { mountHealth } from "./http/monitoring/health.ts";
import { openMetrics } from "./http/monitoring/metrics.ts";
import { type Binding, mount } from "./http/mount.ts";
import { mountDocs } from "./http/openapi/docs.ts";
import { asRequest } from "./http/request/parts.ts";
import { createServer } from "./http/serve.ts";
import { newIdAt } from "./ids/new-id.ts";
import { bulkChangeCustomers } from "./imports/bulk/operations.ts";
import { storeFile } from "./imports/files/upload-storage.ts";
import { fetchErrors } from "./imports/job/errors-file.ts";
import { followImport } from "./imports/job/follow.ts";
import * as importJobs from "./imports/job/operations.ts";
import { listRows } from "./imports/job/rows.ts";
import { fetchTemplate } from "./imports/job/template-file.ts";
import * as imports from "./imports/operations.ts";
import { fetchCompleteness } from "./insight/completeness.ts";
import { fetchGrowth } from "./insight/growth.ts";
import * as insight from "./insight/operations.ts";
import { deriveKeys, loadSigningKeys } from "./keys/signing-keys.ts";
import { openAccounts } from "./people/accounts.ts";
import * as me from "./people/me.ts";
import * as people from "./people/operations.ts";
import type { Oidc } from "./sign-in/better-auth.ts";
import { mountSignIn } from "./sign-in/mount.ts";
import * as tags from "./tags/operations.ts";
import { fetchActivity } from "./usage/operations.ts";
import { required } from "./validation/required.ts";
import * as views from "./views/operations.ts";
import * as webhookDeliveries from "./webhooks/delivery/operations.ts";
import { readAllowed } from "./webhooks/delivery/target.ts";
import * as webhooks from "./webhooks/operations.ts";
import { keyPurpose } from "./webhooks/secret.ts";

type PublicId = { [Id in OperationId]: Routes[Id]["scope"] extends null ? Id : never }[OperationId];
type PublicOperations = { readonly [Id in PublicId]: PublicOperation<Routes[Id]> };
type CallerId = Exclude<OperationId, PublicId>;
type Operations = { readonly [Id in CallerId]: Operation<Routes[Id]> };

const publicOperations: PublicOperations = {
  createToken: apps.createToken,
  createTokenByQuery: apps.createTokenByQuery,
  refreshToken: apps.refreshToken,
};

/** The operations of all routes that require a token. */
const operationsWith = (
  webhookSettings: webhooks.WebhookSettings,
  peopleSettings: people.PeopleSettings,
): Operations => ({
  listCustomers: customerList.list,
  createCustomer: customers.create,
  fetchCustomer: customers.fetch,
  updateCustomer: customers.update,
  deleteCustomer: customers.remove,
  listCustomFields: customFields.list,
  createCustomField: fieldChanges.create,
  fetchCustomField: customFields.fetch,
  updateCustomField: fieldChanges.update,
  deleteCustomField: fieldChanges.remove,
  tryCustomField,
  orderCustomFields,
  listCategories: categories.list,
  createCategory: categories.create,
  fetchCategory: categories.fetch,
  updateCategory: categories.update,
  deleteCategory: categories.remove,
  orderCategories: categories.order,
  exportCustomers,
  exportSelection,
  listHistory,
  restoreCustomer: restore,
  listFieldHistory,
  listCategoryHistory,
  importCustomers: imports.importCustomers,
  bulkChangeCustomers,
  fetchImportTemplate: fetchTemplate,
  createImport: imports.createImport,
  listImports: importJobs.list,
  fetchImport: importJobs.fetch,
  listImportRows: listRows,
  followImport,
  fetchImportErrors: fetchErrors,
  applyImport: importJobs.apply,
  undoImport: importJobs.undo,
  cancelImport: importJobs.cancel,
  listEvents: events.list,
  createEvent: events.create,
  createEvents: events.createMany,
  listViews: views.list,
  createView: views.create,
  fetchCurrentView: views.fetchCurrent,
  keepCurrentView: views.keepCurrent,
  updateView: views.update,
  deleteView: views.remove,
  listTags: tags.list,
  createTag: tags.create,
  renameTag: tags.rename,
  deleteTag: tags.remove,
  listCompanies: companies.list,
  createCompany: companies.create,
  updateCompany: companies.update,
  listApps: appAdministration.list,
  createApp: appAdministration.create,
  updateApp: appAdministration.update,
  rotateApp: appAdministration.rotate,
  revokeApp: appAdministration.revoke,
  fetchMe: me.fetchMe(peopleSettings.accounts),
  updateMe: me.updateMe(peopleSettings.accounts),
  listPeople: people.list,
  invitePerson: people.invite(peopleSettings),
  deleteInvitation: people.deleteInvitation,
  updatePerson: people.update,
  removePerson: people.remove,
  resetPassword: people.resetPassword(peopleSettings),
  listChanges: changes.list,
  streamChanges,
  listWebhooks: webhooks.list,
  createWebhook: webhooks.create(webhookSettings),
  fetchWebhook: webhooks.fetch,
  updateWebhook: webhooks.update(webhookSettings),
  deleteWebhook: webhooks.remove,
  rotateWebhookSecret: webhooks.rotateSecret(webhookSettings),
  testWebhook: webhookDeliveries.test,
  listWebhookDeliveries: webhookDeliveries.list,
  fetchWebhookDelivery: webhookDeliveries.fetch,
  redeliverWebhookDelivery: webhookDeliveries.redeliver,
  redeliverWebhook: webhookDeliveries.redeliverMany,
  fetchGrowth,
  fetchCompleteness,
  fetchCustomersByCompany: insight.fetchCustomersByCompany,
  fetchCustomersByTag: insight.fetchCustomersByTag,
  fetchImportActivity: insight.fetchImportActivity,
  fetchActivity,
});

function bindingsOf(operations: Operations): Binding[] {
  const bind = <Id extends CallerId>(id: Id): Binding => {
    const run: Operation<Routes[Id]> = operations[id];
    return { route: routes[id], isPublic: false, run: (call, parts) => run(call, asRequest(parts)) };
  };
  const bindPublic = <Id extends PublicId>(id: Id): Binding => {
    const run: PublicOperation<Routes[Id]> = publicOperations[id];
    return { route: routes[id], isPublic: true, run: (call, parts) => run(call, asRequest(parts)) };
  };
  const isPublic = (id: OperationId): id is PublicId => Object.hasOwn(publicOperations, id);
  return Object.values(routes).map(({ operationId: id }) => (isPublic(id) ? bindPublic(id) : bind(id)));
}

export type AppOptions = {
  database: Database;
  clock?: () => Date;
  log?: Logger;
  rateLimits?: Partial<RateLimits>;
  /** Maximum size of an uploaded file, unpacked. */
  fileBytesMax?: number;
  /** Called when a request has queued a job. */
  onAccepted?: () => void;
  /** Called with the enterprise after a write. */
  onWritten?: (enterpriseId: string) => void;
  /** Called after each response to an authenticated caller. */
  onAnswered?: (caller: Caller, status: number) => void;
  /** Hosts and networks that webhooks may call besides public addresses. */
  webhookAllow?: string;
  /** The public URL, when the service is behind a proxy. */
  publicUrl?: string | null;
  /** The OpenID Connect issuer for sign-in. */
  oidc?: Oidc | null;
  /** The folder of the built console; null for no console. */
  consoleFolder?: string | null;
};

/** Creates the app without listening, so that tests can call it directly. */
export async function createApp({
  database,
  clock = () => new Date(),
  log = pino({ enabled: false }),
  rateLimits = {},
  fileBytesMax = Number.POSITIVE_INFINITY,
  onAccepted = () => undefined,
  onWritten = () => undefined,
  onAnswered = () => undefined,
  webhookAllow = "",
  publicUrl = null,
  oidc = null,
  consoleFolder = null,
}: AppOptions): Promise<FastifyInstance> {
  const keys = await loadSigningKeys(database.service);
  const tokens = openTokens(keys, clock);
  const metrics = openMetrics({ service: database.service, operator: database.operator });
  const app = createServer({
    newId: () => newIdAt(clock()),
    log,
    metrics,
    console: consoleFolder === null ? null : await readConsole(consoleFolder),
  });
  app.addHook("onClose", () => metrics.close());
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());
  mountHealth(app, database.operator, metrics);
  mountDocs(app, packageOfServer.version);
  const accounts = openAccounts(database.people);
  const operations = operationsWith(
    { keys: deriveKeys(keys, keyPurpose), allowed: readAllowed(webhookAllow) },
    { accounts, publicUrl },
  );
  const limits = { ...usualRateLimits, ...rateLimits };
  const [cookieKey] = deriveKeys(keys, "cookies");
  mountSignIn(app, {
    people: database.people,
    service: database.service,
    operator: database.operator,
    accounts,
    tokens,
    secret: Buffer.from(required(cookieKey, "the cookie key")).toString("base64url"),
    failures: openRateLimit("failed-sign-ins", limits.failedTokensPerMinute, clock),
    publicUrl,
    oidc,
    clock,
    log,
  });
  mount(app, bindingsOf(operations), {
    pool: database.service,
    tokens,
    cursorKeys: deriveKeys(keys, "cursors"),
    answerKeys: deriveKeys(keys, "answers"),
    rateLimits: limits,
    clock,
    stopping: stopping.signal,
    keepFile: storeFile,
    fileBytesMax,
    onAccepted,
    onWritten,
    onAnswered,
  });
  return app;
}
