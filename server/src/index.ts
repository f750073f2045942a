/** The exports for the operator's commands. */
export {
  type AppCredentials,
  type AppRequest,
  createApp,
  defaultScopes as allScopes,
  listApps,
  revokeApp,
  rotateApp,
} from "./apps/provision.ts";
export type { App } from "./apps/store.ts";
export { type CompanyRequest, createCompany, listCompanies } from "./companies/provision.ts";
export type { Company } from "./companies/store.ts";
export { type Config, readConfig } from "./config.ts";
export { databaseLog } from "./database/event-log.ts";
export { type Database, openDatabase } from "./database/open.ts";
export { createEnterprise, type EnterpriseSummary, listEnterprises } from "./enterprises/operations.ts";
export { type FirstApp, firstAppFile } from "./first-run/first-app-file.ts";
export { openLog } from "./logging/log.ts";
export {
  invitePerson,
  listPeople,
  type PersonSummary,
  removePerson,
  resetPerson,
} from "./people/provision.ts";
export { failureMessage } from "./process/failure-message.ts";
export { OperatorError } from "./process/operator-error.ts";
