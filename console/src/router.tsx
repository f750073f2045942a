import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { readCustomersSearch } from "./customers/customers-search.ts";
import { ErrorPage } from "./errors/error-page.tsx";
import { NotFoundPage } from "./errors/not-found-page.tsx";
import { withMessages } from "./i18n/loaded-messages.ts";
import { readImportSearch } from "./imports/import-search.ts";
import { isSignedOut } from "./session/auth-request.ts";
import { loadMe } from "./session/me.ts";
import { Shell } from "./shell/shell.tsx";
import { readSignInSearch } from "./sign-in/sign-in-search.ts";

const root = createRootRoute({
  component: Outlet,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
});

type Page<Name extends string> = () => Promise<Record<Name, () => ReactNode>>;

const at = <Path extends string, Name extends string>(path: Path, page: Page<Name>, name: Name) =>
  ({ path, component: lazyRouteComponent(page, name) }) as const;

const signIn = createRoute({
  getParentRoute: () => root,
  ...at("/sign-in", () => import("./sign-in/sign-in-page.tsx"), "SignInPage"),
  validateSearch: readSignInSearch,
});
const setUp = createRoute({
  getParentRoute: () => root,
  ...at("/set-up", () => import("./sign-in/set-up-page.tsx"), "SetUpPage"),
});
const invitation = createRoute({
  getParentRoute: () => root,
  ...at("/invitation", () => import("./sign-in/link-page.tsx"), "LinkPage"),
});
const reset = createRoute({
  getParentRoute: () => root,
  ...at("/reset", () => import("./sign-in/link-page.tsx"), "LinkPage"),
});

/** Routes that require a signed-in person. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await loadMe();
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { to: location.href } });
    }
  },
});
const inside = { getParentRoute: () => signedIn } as const;

const home = createRoute({
  ...inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/customers" });
  },
});
const customers = createRoute({
  ...inside,
  ...at("/customers", () => import("./customers/customers-page.tsx"), "CustomersPage"),
  validateSearch: readCustomersSearch,
});
const newCustomer = createRoute({
  ...inside,
  ...at(
    "/customers/new",
    withMessages(["fieldErrors"], () => import("./customers/new-customer-page.tsx")),
    "NewCustomerPage",
  ),
});
const customer = createRoute({
  ...inside,
  ...at(
    "/customers/$customerId",
    withMessages(["fieldErrors"], () => import("./customers/customer-page.tsx")),
    "CustomerPage",
  ),
});
const imports = createRoute({
  ...inside,
  ...at(
    "/imports",
    withMessages(["imports", "fieldErrors"], () => import("./imports/imports-page.tsx")),
    "ImportsPage",
  ),
});
const newImport = createRoute({
  ...inside,
  ...at(
    "/imports/new",
    withMessages(["imports", "fieldErrors"], () => import("./imports/new-import-page.tsx")),
    "NewImportPage",
  ),
});
const oneImport = createRoute({
  ...inside,
  ...at(
    "/imports/$importId",
    withMessages(["imports", "fieldErrors"], () => import("./imports/import-page.tsx")),
    "ImportPage",
  ),
  validateSearch: readImportSearch,
});
const fields = createRoute({
  ...inside,
  ...at(
    "/fields",
    withMessages(["fieldErrors"], () => import("./custom-fields/fields-page.tsx")),
    "FieldsPage",
  ),
});
const insight = createRoute({
  ...inside,
  ...at(
    "/insight",
    withMessages(["insight"], () => import("./insight/insight-page.tsx")),
    "InsightPage",
  ),
});
const access = createRoute({
  ...inside,
  ...at(
    "/access",
    withMessages(["access"], () => import("./access/access-page.tsx")),
    "AccessPage",
  ),
});
const accessHome = createRoute({
  getParentRoute: () => access,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/access/people" });
  },
});
const companies = createRoute({
  getParentRoute: () => access,
  ...at(
    "/companies",
    withMessages(["access"], () => import("./access/companies-page.tsx")),
    "CompaniesPage",
  ),
});
const apps = createRoute({
  getParentRoute: () => access,
  ...at(
    "/apps",
    withMessages(["access"], () => import("./access/apps-page.tsx")),
    "AppsPage",
  ),
});
const webhooks = createRoute({
  getParentRoute: () => access,
  ...at(
    "/webhooks",
    withMessages(["access", "fieldErrors"], () => import("./access/webhooks-page.tsx")),
    "WebhooksPage",
  ),
});
const webhook = createRoute({
  getParentRoute: () => access,
  ...at(
    "/webhooks/$webhookId",
    withMessages(["access", "fieldErrors"], () => import("./access/webhook-page.tsx")),
    "WebhookPage",
  ),
});
const people = createRoute({
  getParentRoute: () => access,
  ...at(
    "/people",
    withMessages(["access"], () => import("./access/people-page.tsx")),
    "PeoplePage",
  ),
});
const account = createRoute({
  ...inside,
  ...at(
    "/account",
    withMessages(["account"], () => import("./account/account-page.tsx")),
    "AccountPage",
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setUp,
    invitation,
    reset,
    signedIn.addChildren([
      home,
      customers,
      newCustomer,
      customer,
      imports,
      newImport,
      oneImport,
      fields,
      insight,
      access.addChildren([accessHome, companies, apps, webhooks, webhook, people]),
      account,
    ]),
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: ErrorPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
