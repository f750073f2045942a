import type { OperationId } from "@clientele/contract";
import type { ErrorCode } from "@clientele/contract/errors";
import type { Scope } from "@clientele/contract/route";

/** A status, with the error code if it is an error. */
export type Outcome = `${2 | 3}${number}` | `${4 | 5}${number} ${ErrorCode}`;

export type TargetType =
  | "customer"
  | "field"
  | "category"
  | "tag"
  | "import"
  | "plan"
  | "webhook"
  | "delivery"
  | "company"
  | "app"
  | "view"
  | "person"
  | "invitation";

/** The record's name in errors: a plan is the import of a dry run. */
const nouns = {
  customer: "CUSTOMER",
  field: "FIELD",
  category: "CATEGORY",
  tag: "TAG",
  import: "IMPORT",
  plan: "IMPORT",
  webhook: "WEBHOOK",
  delivery: "DELIVERY",
  company: "COMPANY",
  app: "APP",
  view: "VIEW",
  person: "PERSON",
  invitation: "INVITATION",
} as const satisfies Record<TargetType, string>;

/** The target of a request's path, seen from enterprise A. */
export const targetKinds = [
  "own",
  "foreign",
  "deleted",
  "never existed",
  "malformed",
  "another type",
] as const;
export type TargetKind = (typeof targetKinds)[number];

export type Row = {
  /** The target of the path; null is the whole enterprise. */
  target: TargetType | null;
  /** A valid body. `name` is new each time. */
  body?: (name: string) => unknown;
  /** The response to the enterprise's own app with every scope. */
  outcomes: Readonly<Record<TargetKind, Outcome>>;
  /** The response to an app that may act for one company, if different. */
  forOneCompany?: Partial<Record<TargetKind, Outcome>>;
  /** Visible only to the app that created it. */
  isPersonal?: true;
};

const whole = (outcome: Outcome, body?: Row["body"]): Row => ({
  target: null,
  ...(body ? { body } : {}),
  outcomes: {
    own: outcome,
    foreign: outcome,
    deleted: outcome,
    "never existed": outcome,
    malformed: outcome,
    "another type": outcome,
  },
});

const one = (
  target: TargetType,
  own: Outcome,
  body?: Row["body"],
  otherwise: Partial<Row["outcomes"]> = {},
): Row => {
  const missing: Outcome = `404 ${nouns[target]}_NOT_FOUND`;
  return {
    target,
    ...(body ? { body } : {}),
    outcomes: {
      own,
      foreign: missing,
      deleted: missing,
      "never existed": missing,
      malformed: missing,
      "another type": missing,
      ...otherwise,
    },
  };
};

/** A revoked app. */
const stillExists = { deleted: "409 APP_REVOKED" } as const;
/** An app that may act for all companies. */
const beyondOne = { own: "403 GRANT_EXCEEDED", deleted: "403 GRANT_EXCEEDED" } as const;

/** Every operation that needs a token, and its responses. A missing one neither compiles nor passes. */
export const matrix = {
  listCustomers: whole("200"),
  createCustomer: whole("201", (name) => ({ external_id: name })),
  fetchCustomer: one("customer", "200"),
  updateCustomer: one("customer", "200", (name) => ({ booker_id: name })),
  deleteCustomer: one("customer", "200"),
  exportCustomers: whole("200"),
  exportSelection: whole("200", () => ({ selection: { query: {} } })),
  // A deleted customer's history remains.
  listHistory: one("customer", "200", undefined, { deleted: "200" }),
  restoreCustomer: one("customer", "200", () => ({}), { deleted: "200" }),
  importCustomers: whole("200", (name) => [{ external_id: name }]),
  bulkChangeCustomers: whole("202", () => ({
    selection: { ids: [] },
    change: { customfields: [{ id: "notes", value: "x" }] },
  })),
  fetchImportTemplate: whole("200"),
  createImport: whole("202", (name) => [{ external_id: name }]),
  listImports: whole("200"),
  fetchImport: one("import", "200"),
  listImportRows: one("import", "200"),
  fetchImportErrors: one("import", "200"),
  followImport: one("import", "200"),
  applyImport: one("plan", "202"),
  undoImport: one("import", "202"),
  // The job has ended.
  cancelImport: one("import", "409 IMPORT_NOT_READY"),
  listCustomFields: whole("200"),
  createCustomField: whole("201", (name) => ({ label: name, type: "TEXT" })),
  fetchCustomField: one("field", "200"),
  updateCustomField: one("field", "200", (name) => ({ placeholder: name })),
  deleteCustomField: one("field", "200"),
  tryCustomField: whole("200", () => ({ type: "TEXT", values: ["x"] })),
  orderCustomFields: whole("200", () => ({ ids: ["email"] })),
  // They remain after their record is deleted.
  listFieldHistory: one("field", "200", undefined, { deleted: "200" }),
  listCategoryHistory: one("category", "200", undefined, { deleted: "200" }),
  listCategories: whole("200"),
  createCategory: whole("201", (name) => ({ name })),
  fetchCategory: one("category", "200"),
  updateCategory: one("category", "200", (name) => ({ name })),
  deleteCategory: one("category", "200"),
  orderCategories: whole("200", () => ({ ids: [] })),
  listEvents: one("customer", "200"),
  createEvent: one("customer", "201", () => ({ start_date: "2026-01-31" })),
  createEvents: whole("200", () => ({ events: [{ customer_id: "0", start_date: "2026-01-31" }] })),
  listViews: whole("200"),
  createView: whole("201", (name) => ({ name, definition: {} })),
  fetchCurrentView: whole("200"),
  keepCurrentView: whole("200", () => ({ definition: {} })),
  updateView: { ...one("view", "200", () => ({ definition: {} })), isPersonal: true },
  deleteView: { ...one("view", "200"), isPersonal: true },
  listTags: whole("200"),
  createTag: whole("201", (name) => ({ name })),
  renameTag: one("tag", "200", (name) => ({ name })),
  deleteTag: one("tag", "200"),
  listCompanies: whole("200"),
  createCompany: {
    ...whole("201", (name) => ({ name })),
    forOneCompany: { own: "403 GRANT_EXCEEDED" },
  },
  updateCompany: {
    ...one("company", "200", (name) => ({ name })),
    forOneCompany: { own: "404 COMPANY_NOT_FOUND" },
  },
  listApps: whole("200"),
  createApp: whole("201", (name) => ({ name, scopes: ["ADMIN"] })),
  updateApp: { ...one("app", "200", (name) => ({ name }), stillExists), forOneCompany: beyondOne },
  rotateApp: { ...one("app", "200", undefined, stillExists), forOneCompany: beyondOne },
  revokeApp: { ...one("app", "200", undefined, stillExists), forOneCompany: beyondOne },
  fetchMe: whole("200"),
  // The name of an app cannot be changed.
  updateMe: whole("400 PERSON_NEEDED", (name) => ({ name })),
  listPeople: whole("200"),
  invitePerson: whole("201", (name) => ({
    email: `${name.replaceAll(" ", "-")}@example.com`,
    role: "viewer",
  })),
  deleteInvitation: one("invitation", "200"),
  updatePerson: one("person", "200", () => ({ role: "editor" })),
  removePerson: one("person", "200"),
  resetPassword: one("person", "201"),
  listChanges: whole("200"),
  streamChanges: whole("200"),
  listWebhooks: whole("200"),
  createWebhook: whole("201", (name) => ({ url: "https://hooks.example.com/", description: name })),
  fetchWebhook: one("webhook", "200"),
  updateWebhook: one("webhook", "200", (name) => ({ description: name })),
  deleteWebhook: one("webhook", "200"),
  rotateWebhookSecret: one("webhook", "200"),
  testWebhook: one("webhook", "201"),
  listWebhookDeliveries: one("webhook", "200"),
  fetchWebhookDelivery: one("delivery", "200"),
  redeliverWebhookDelivery: one("delivery", "200"),
  fetchGrowth: whole("200"),
  fetchCompleteness: whole("200"),
  fetchCustomersByCompany: whole("200"),
  fetchCustomersByTag: whole("200"),
  fetchImportActivity: whole("200"),
  fetchActivity: whole("200"),
  redeliverWebhook: one("webhook", "200", () => ({ from: "2026-01-31" })),
} as const satisfies Record<Exclude<OperationId, "createToken" | "createTokenByQuery" | "refreshToken">, Row>;

/** Treated like the own app with every scope, like one of the other enterprise, or refused for every operation. */
export type Expectation = Outcome | "own" | "foreign";
const onlyWith = (scope: Scope): Record<Scope, Expectation> => ({
  READ: "403 SCOPE_MISSING",
  WRITE: "403 SCOPE_MISSING",
  DELETE: "403 SCOPE_MISSING",
  ADMIN: "403 SCOPE_MISSING",
  [scope]: "own",
});
const always = (expectation: Expectation): Record<Scope, Expectation> => ({
  READ: expectation,
  WRITE: expectation,
  DELETE: expectation,
  ADMIN: expectation,
});

/** The principals that request A's records, and the expected result by the scope that the operation needs. */
export const principals = {
  nobody: always("401 TOKEN_MISSING"),
  "an empty token": always("401 TOKEN_MISSING"),
  "a malformed token": always("401 TOKEN_INVALID"),
  "an expired token": always("401 TOKEN_EXPIRED"),
  "a token not yet valid": always("401 TOKEN_INVALID"),
  "a token without signature": always("401 TOKEN_INVALID"),
  "a token of another algorithm": always("401 TOKEN_INVALID"),
  "a token of an unknown key": always("401 TOKEN_INVALID"),
  "a token of a key that it brings": always("401 TOKEN_INVALID"),
  "a token signed by someone else": always("401 TOKEN_INVALID"),
  "a token of another audience": always("401 TOKEN_INVALID"),
  "a token of another issuer": always("401 TOKEN_INVALID"),
  "a token of another type": always("401 TOKEN_INVALID"),
  "a token without end": always("401 TOKEN_INVALID"),
  "a refresh token": always("401 TOKEN_INVALID"),
  "a revoked app": always("401 TOKEN_INVALID"),
  "an app whose secret was rotated": always("401 TOKEN_INVALID"),
  "an app of B in a token that says A": always("401 TOKEN_INVALID"),
  B: always("foreign"),
  "B with a company of A": always("403 COMPANY_FORBIDDEN"),
  "A with a company of B": always("403 COMPANY_FORBIDDEN"),
  "A with a company that never existed": always("403 COMPANY_FORBIDDEN"),
  "A with a malformed company": always("403 COMPANY_FORBIDDEN"),
  "A for one company, with another": always("403 COMPANY_FORBIDDEN"),
  "A for one company, with it": always("own"),
  "A for one company, with none": always("own"),
  A: always("own"),
  "A without the Bearer": always("own"),
  "A, to read": onlyWith("READ"),
  "A, to write": onlyWith("WRITE"),
  "A, to delete": onlyWith("DELETE"),
  "A, to administer": onlyWith("ADMIN"),
  "A with the usual scopes": { ...always("own"), ADMIN: "403 SCOPE_MISSING" },
  "A, whose scopes were taken away": always("403 SCOPE_MISSING"),
} as const satisfies Record<string, Record<Scope, Expectation>>;

export type Principal = keyof typeof principals;
