import { Type } from "typebox";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route, scopes } from "./route.ts";

const app = {
  id: Id,
  name: Type.String(),
  scopes: Type.Array(OneOf(scopes)),
  companyIds: Nullable(
    Type.Array(Id, { description: "The branches that the app may act for. Null means all." }),
  ),
  secretVersion: Type.Integer({ description: "The number of secrets issued so far." }),
  createdAt: Timestamp,
  rotatedAt: Nullable(Timestamp),
  revokedAt: Nullable(Timestamp),
  lastUsedAt: Nullable(
    Type.Unsafe<string>({
      ...Timestamp,
      description: "Updated every few seconds, not with every request.",
    }),
  ),
};

export const App = Type.Object(app, { title: "App" });

export const AppWithSecret = Type.Object(
  { ...app, secret: Type.String({ description: "Exchanged for access tokens. Shown only once." }) },
  { title: "AppWithSecret" },
);

const name = Type.String({ minLength: 1, maxLength: 200 });
const others = {
  scopes: Type.Optional(
    Type.Array(OneOf(scopes), {
      minItems: 1,
      maxItems: 20,
      description:
        "A new app without `scopes` gets READ, WRITE and DELETE. Callers can grant only scopes that they have.",
    }),
  ),
  company_ids: Type.Optional(
    Nullable(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 1_000,
        description:
          "Branches that the app may act for. Null means all. A new app without `company_ids` gets those of the caller.",
      }),
    ),
  ),
};
const AppCreate = Type.Object({ name, ...others }, closed);
const AppUpdate = Type.Object({ name: Type.Optional(name), ...others }, closed);

const path = "/v1/apps";
const of = { group: "Apps", scope: "ADMIN", extension: true } as const;
const params = Type.Object({ appId: Type.String() });
const one = { ...of, path: `${path}/{appId}`, params } as const;

export const listApps = route({
  operationId: "listApps",
  method: "GET",
  path,
  ...of,
  summary: "List the apps, newest first",
  description: "Includes revoked apps.",
  query: Type.Object({ ...Paging }),
  status: 200,
  shape: "list",
  answer: App,
  errors: ["REQUEST_INVALID"],
});

export const createApp = route({
  operationId: "createApp",
  method: "POST",
  path,
  ...of,
  summary: "Create an app",
  description: "Callers can grant only scopes and branches that they have.",
  body: AppCreate,
  status: 201,
  shape: "single",
  answer: AppWithSecret,
  showsSecret: true,
  errors: ["REQUEST_INVALID", "COMPANY_UNKNOWN", "GRANT_EXCEEDED"],
});

export const updateApp = route({
  operationId: "updateApp",
  method: "PATCH",
  ...one,
  summary: "Update an app",
  description:
    "The change applies at once, also to tokens already issued. The caller must have every scope and branch of the app.",
  body: AppUpdate,
  status: 200,
  shape: "single",
  answer: App,
  errors: [
    "REQUEST_INVALID",
    "APP_NOT_FOUND",
    "APP_REVOKED",
    "COMPANY_UNKNOWN",
    "GRANT_EXCEEDED",
    "VERSION_MISMATCH",
  ],
});

export const rotateApp = route({
  operationId: "rotateApp",
  method: "POST",
  ...one,
  path: `${one.path}/rotate`,
  summary: "Rotate an app's secret",
  description:
    "The previous secret and all tokens of the app become invalid at once. The caller must have every scope and branch of the app.",
  status: 200,
  shape: "single",
  answer: AppWithSecret,
  showsSecret: true,
  errors: ["APP_NOT_FOUND", "APP_REVOKED", "GRANT_EXCEEDED", "VERSION_MISMATCH"],
});

export const revokeApp = route({
  operationId: "revokeApp",
  method: "DELETE",
  ...one,
  summary: "Revoke an app permanently",
  description:
    "Its secret and all its tokens become invalid at once. The app stays in the list and in histories.",
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["APP_NOT_FOUND", "APP_REVOKED", "GRANT_EXCEEDED", "VERSION_MISMATCH"],
});
