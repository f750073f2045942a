import { Type } from "typebox";
import { Deleted, Paging } from "./envelopes.ts";
import { closed, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { route, scopes } from "./route.ts";

const app = {
  id: Id,
  name: Type.String(),
  scopes: Type.Array(OneOf(scopes)),
  companyIds: Nullable(Type.Array(Id, { description: "The companies it may act for. Null: all." })),
  secretVersion: Type.Integer({ description: "How many secrets it has had." }),
  createdAt: Timestamp,
  rotatedAt: Nullable(Timestamp),
  revokedAt: Nullable(Timestamp),
  lastUsedAt: Nullable(
    Type.Unsafe<string>({
      ...Timestamp,
      description: "Written down every few seconds, not at each request.",
    }),
  ),
};

export const App = Type.Object(app, { title: "App" });

export const AppWithSecret = Type.Object(
  { ...app, secret: Type.String({ description: "What it gets its tokens by. Shown this once." }) },
  { title: "AppWithSecret" },
);

const name = Type.String({ minLength: 1, maxLength: 200 });
const others = {
  scopes: Type.Optional(
    Type.Array(OneOf(scopes), {
      minItems: 1,
      maxItems: 20,
      description: "Of a new app READ, WRITE and DELETE when absent. None that the caller lacks.",
    }),
  ),
  company_ids: Type.Optional(
    Nullable(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 1_000,
        description: "Null is all companies. Of a new app those of the caller when absent.",
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
  description: "Those that were revoked too.",
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
  description: "It can be given nothing that its caller does not have.",
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
    "What it may do changes at once, also for tokens that it has. Its caller must have all that it has.",
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
  summary: "Give an app another secret",
  description: "The former one and all its tokens stop at once. Its caller must have all that the app has.",
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
  summary: "Revoke an app for good",
  description: "Its secret and all its tokens stop at once. It stays in the list, and histories name it.",
  status: 200,
  shape: "single",
  answer: Deleted,
  errors: ["APP_NOT_FOUND", "APP_REVOKED", "GRANT_EXCEEDED", "VERSION_MISMATCH"],
});
