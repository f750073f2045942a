import * as apps from "./apps.ts";
import { bulkChangeCustomers } from "./bulk.ts";
import * as categories from "./categories.ts";
import * as changes from "./changes.ts";
import * as companies from "./companies.ts";
import * as customFields from "./custom-fields.ts";
import * as customers from "./customers.ts";
import * as events from "./events.ts";
import { exportCustomers, exportSelection } from "./exports.ts";
import * as history from "./history.ts";
import * as importJobs from "./import-jobs.ts";
import * as imports from "./imports.ts";
import * as insight from "./insight.ts";
import * as people from "./people.ts";
import type { Route } from "./route.ts";
import * as tags from "./tags.ts";
import * as tokens from "./tokens.ts";
import * as views from "./views.ts";
import * as webhooks from "./webhooks.ts";

/** The whole wire, in the order of the document. */
export const routes = {
  createToken: tokens.createToken,
  createTokenByQuery: tokens.createTokenByQuery,
  refreshToken: tokens.refreshToken,
  listCustomers: customers.listCustomers,
  createCustomer: customers.createCustomer,
  fetchCustomer: customers.fetchCustomer,
  updateCustomer: customers.updateCustomer,
  deleteCustomer: customers.deleteCustomer,
  exportCustomers,
  exportSelection,
  listHistory: history.listHistory,
  restoreCustomer: history.restoreCustomer,
  importCustomers: imports.importCustomers,
  bulkChangeCustomers,
  fetchImportTemplate: importJobs.fetchImportTemplate,
  createImport: importJobs.createImport,
  listImports: importJobs.listImports,
  fetchImport: importJobs.fetchImport,
  listImportRows: importJobs.listImportRows,
  fetchImportErrors: importJobs.fetchImportErrors,
  followImport: importJobs.followImport,
  applyImport: importJobs.applyImport,
  undoImport: importJobs.undoImport,
  cancelImport: importJobs.cancelImport,
  listCustomFields: customFields.listCustomFields,
  createCustomField: customFields.createCustomField,
  fetchCustomField: customFields.fetchCustomField,
  updateCustomField: customFields.updateCustomField,
  deleteCustomField: customFields.deleteCustomField,
  tryCustomField: customFields.tryCustomField,
  orderCustomFields: customFields.orderCustomFields,
  listFieldHistory: history.listFieldHistory,
  listCategories: categories.listCategories,
  createCategory: categories.createCategory,
  fetchCategory: categories.fetchCategory,
  updateCategory: categories.updateCategory,
  deleteCategory: categories.deleteCategory,
  orderCategories: categories.orderCategories,
  listCategoryHistory: history.listCategoryHistory,
  listEvents: events.listEvents,
  createEvent: events.createEvent,
  createEvents: events.createEvents,
  listViews: views.listViews,
  createView: views.createView,
  fetchCurrentView: views.fetchCurrentView,
  keepCurrentView: views.keepCurrentView,
  updateView: views.updateView,
  deleteView: views.deleteView,
  listTags: tags.listTags,
  createTag: tags.createTag,
  renameTag: tags.renameTag,
  deleteTag: tags.deleteTag,
  listCompanies: companies.listCompanies,
  createCompany: companies.createCompany,
  updateCompany: companies.updateCompany,
  listApps: apps.listApps,
  createApp: apps.createApp,
  updateApp: apps.updateApp,
  rotateApp: apps.rotateApp,
  revokeApp: apps.revokeApp,
  fetchMe: people.fetchMe,
  updateMe: people.updateMe,
  listPeople: people.listPeople,
  invitePerson: people.invitePerson,
  deleteInvitation: people.deleteInvitation,
  updatePerson: people.updatePerson,
  removePerson: people.removePerson,
  resetPassword: people.resetPassword,
  listChanges: changes.listChanges,
  streamChanges: changes.streamChanges,
  listWebhooks: webhooks.listWebhooks,
  createWebhook: webhooks.createWebhook,
  fetchWebhook: webhooks.fetchWebhook,
  updateWebhook: webhooks.updateWebhook,
  deleteWebhook: webhooks.deleteWebhook,
  rotateWebhookSecret: webhooks.rotateWebhookSecret,
  testWebhook: webhooks.testWebhook,
  listWebhookDeliveries: webhooks.listWebhookDeliveries,
  fetchWebhookDelivery: webhooks.fetchWebhookDelivery,
  redeliverWebhookDelivery: webhooks.redeliverWebhookDelivery,
  redeliverWebhook: webhooks.redeliverWebhook,
  fetchGrowth: insight.fetchGrowth,
  fetchCompleteness: insight.fetchCompleteness,
  fetchCustomersByCompany: insight.fetchCustomersByCompany,
  fetchCustomersByTag: insight.fetchCustomersByTag,
  fetchImportActivity: insight.fetchImportActivity,
  fetchActivity: insight.fetchActivity,
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type OperationId = keyof Routes;
