import { Type } from "typebox";
import { closed, errorKey, Id, Nullable, OneOf, Timestamp } from "./formats.ts";
import { Email, locales, PersonName } from "./people.ts";
import { roles } from "./roles.ts";
import { route } from "./route.ts";

// The OpenAPI document excludes these routes: browsers sign in with cookies, programs use tokens.
export const passwordLength = { minLength: 12, maxLength: 128 } as const;
const NewPassword = Type.String(passwordLength);
const Password = Type.String({ minLength: 1, maxLength: passwordLength.maxLength });
const Token = Type.String({ minLength: 1, maxLength: 200 });
const Locale = Type.Optional(OneOf(locales));

export const Person = Type.Object({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  locale: OneOf(locales),
});
const SignedIn = Type.Object({ person: Person });

const of = { group: "Sign-in", scope: null, extension: true, status: 200, shape: "single" } as const;
const one = <const M extends "GET" | "POST">(operationId: string, method: M, path: string, summary: string) =>
  ({ ...of, operationId, method, path: `/auth/${path}`, summary }) as const;

export const fetchMethods = route({
  ...one("fetchMethods", "GET", "methods", "List the sign-in methods"),
  answer: Type.Object({
    password: Type.Literal(true),
    oidc: Nullable(Type.Object({ name: Type.String() })),
    needsSetUp: Type.Boolean(),
  }),
  errors: [],
});

export const signInByEmail = route({
  ...one("signInByEmail", "POST", "sign-in/email", "Sign in with e-mail and password"),
  body: Type.Object({ email: Email, password: Password }, closed),
  answer: SignedIn,
  errors: ["ORIGIN_FORBIDDEN", "SIGN_IN_INVALID"],
});

export const signInByOidc = route({
  ...one("signInByOidc", "POST", "sign-in/oidc", "Sign in with OpenID Connect"),
  body: Type.Object(
    {
      returnTo: Type.Optional(
        Type.String({ pattern: "^/([^/\\\\]|$)", ...errorKey("NOT_PATH"), maxLength: 1_000 }),
      ),
    },
    closed,
  ),
  answer: Type.Object({ url: Type.String() }),
  errors: ["ORIGIN_FORBIDDEN", "ROUTE_NOT_FOUND"],
});

export const signOut = route({
  ...one("signOut", "POST", "sign-out", "End the session"),
  answer: Type.Object({ signedOut: Type.Literal(true) }),
  errors: ["ORIGIN_FORBIDDEN"],
});

export const takeToken = route({
  ...one("takeToken", "POST", "token", "Get an access token for one enterprise"),
  body: Type.Object({ enterpriseId: Type.Optional(Id) }, closed),
  answer: Type.Object({ accessToken: Type.String(), expires: Type.Integer(), enterpriseId: Id }),
  errors: ["ORIGIN_FORBIDDEN", "SIGN_IN_NEEDED", "MEMBERSHIP_MISSING"],
});

export const listSessions = route({
  ...one("listSessions", "GET", "list-sessions", "List the person's sessions, most recently used first"),
  shape: "list",
  answer: Type.Object({
    id: Id,
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
    expiresAt: Timestamp,
    ipAddress: Type.String(),
    userAgent: Type.String(),
    isCurrent: Type.Boolean(),
  }),
  errors: ["SIGN_IN_NEEDED"],
});

export const revokeSession = route({
  ...one("revokeSession", "POST", "revoke-session", "End a session and its tokens"),
  body: Type.Object({ id: Id }, closed),
  answer: Type.Object({ id: Id }),
  errors: ["ORIGIN_FORBIDDEN", "SIGN_IN_NEEDED", "SESSION_NOT_FOUND"],
});

export const changePassword = route({
  ...one("changePassword", "POST", "change-password", "Change the password and end all other sessions"),
  body: Type.Object({ currentPassword: Password, newPassword: NewPassword }, closed),
  answer: SignedIn,
  errors: ["ORIGIN_FORBIDDEN", "SIGN_IN_NEEDED", "PASSWORD_WRONG"],
});

export const setUp = route({
  ...one("setUp", "POST", "set-up", "Create the first administrator"),
  body: Type.Object(
    { token: Token, name: PersonName, email: Email, password: NewPassword, locale: Locale },
    closed,
  ),
  status: 201,
  answer: SignedIn,
  errors: ["ORIGIN_FORBIDDEN", "LINK_INVALID"],
});

export const fetchInvitation = route({
  ...one("fetchInvitation", "GET", "invitation", "Fetch the invitation or password reset of a link"),
  query: Type.Object({ token: Token }),
  answer: Type.Object({
    kind: OneOf(["invitation", "reset"]),
    email: Type.String(),
    enterprise: Nullable(Type.Object({ id: Id, name: Type.String() })),
    role: Nullable(OneOf(roles)),
    hasAccount: Type.Boolean(),
    expiresAt: Timestamp,
  }),
  errors: ["LINK_INVALID"],
});

export const acceptInvitation = route({
  ...one("acceptInvitation", "POST", "accept", "Accept an invitation or reset a password"),
  body: Type.Object(
    {
      token: Token,
      name: Type.Optional(PersonName),
      password: Type.Optional(NewPassword),
      locale: Locale,
    },
    closed,
  ),
  answer: SignedIn,
  errors: ["ORIGIN_FORBIDDEN", "LINK_INVALID", "SIGN_IN_NEEDED", "INVITATION_OF_OTHER"],
});
