import { betterAuth } from "better-auth";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import type { Logger } from "pino";
import { driverOf, type PeoplePool, type ServicePool } from "../database/pools.ts";
import { newIdAt } from "../ids/new-id.ts";
import { acceptAllInvitations } from "../people/accept-link.ts";
import type { Accounts } from "../people/accounts.ts";
import { hashPassword, isPassword } from "../people/password.ts";

export type Oidc = { issuer: string; clientId: string; clientSecret: string; name: string };

export type SignInOptions = {
  people: PeoplePool;
  service: ServicePool;
  accounts: Accounts;
  /** Signs cookies. */
  secret: string;
  /** The public URL without a trailing slash; null means the host of the request. */
  publicUrl: string | null;
  oidc: Oidc | null;
  log: Logger;
};

const providerId = "oidc";
const basePath = "/auth";
/** Set by this server only; values from clients are replaced. */
const addressHeader = "x-clientele-address";
const requestIdHeader = "x-clientele-request-id";

const minute = 60;
const day = 86_400;
/** An idle session ends after three days, which covers a weekend. */
const idleSeconds = 3 * day;
/** Maximum lifetime of a session; the database enforces the same limit. */
const absoluteSeconds = 30 * day;

const times = { createdAt: "created_at", updatedAt: "updated_at" };

/** Configures the sign-in library for our tables and rules. */
export function openBetterAuth(options: SignInOptions) {
  const { people, service, accounts, secret, publicUrl, oidc, log } = options;
  const isSecure = publicUrl?.startsWith("https:") ?? false;
  const auth = betterAuth({
    appName: "Clientele",
    ...(publicUrl === null ? {} : { baseURL: publicUrl }),
    basePath,
    secret,
    database: driverOf(people),
    telemetry: { enabled: false },
    logger: {
      log: (level, message) => log[level === "debug" ? "debug" : "info"]({ event: "sign-in" }, message),
    },
    user: {
      modelName: "people",
      fields: { emailVerified: "email_verified", ...times },
      additionalFields: { locale: { type: "string", required: false, input: false } },
      // Sign-in through an issuer requires a membership or an invitation, by an address that the issuer has
      // verified.
      async validateUserInfo({ user, source }) {
        if (source.method !== "oauth") return;
        const email = String(user.email ?? "").toLowerCase();
        const known = await accounts.findByEmail(email);
        const id = source.action === "create-user" ? undefined : (user.id ?? known?.id);
        const isMember = id !== undefined && (await accounts.memberships(id)).length > 0;
        if (isMember && source.action === "sign-in") return;
        const isInvited = (await accounts.invitingEnterprises(email, new Date())).length > 0;
        if (!user.emailVerified || !(isMember || isInvited)) return { error: "SIGN_IN_NOT_INVITED" };
      },
    },
    session: {
      modelName: "people_sessions",
      fields: {
        userId: "person_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        ...times,
      },
      expiresIn: idleSeconds,
      updateAge: 5 * minute,
      freshAge: 0,
    },
    account: {
      modelName: "people_accounts",
      fields: {
        userId: "person_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        ...times,
      },
      updateAccountOnSignIn: false,
      accountLinking: { enabled: true, trustedProviders: [] },
    },
    verification: { modelName: "people_verifications", fields: { expiresAt: "expires_at", ...times } },
    databaseHooks: {
      // The issuer's tokens are not stored, because nothing uses them later.
      account: {
        create: {
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null, scope: null },
          }),
        },
      },
      session: {
        create: {
          async before({ userId }, context) {
            if (!context?.path?.startsWith("/callback/")) return;
            const person = await accounts.find(userId);
            const requestId = context.headers?.get(requestIdHeader) ?? "";
            if (person)
              await acceptAllInvitations({ accounts, service }, person, { now: new Date(), requestId });
          },
        },
        update: {
          async before(session, context) {
            const created = context?.context.session?.session.createdAt;
            if (!created || !session.expiresAt) return;
            const end = Math.min(
              new Date(session.expiresAt).getTime(),
              new Date(created).getTime() + absoluteSeconds * 1000,
            );
            return { data: { ...session, expiresAt: new Date(end) } };
          },
        },
      },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 128,
      password: {
        hash: hashPassword,
        verify: ({ hash, password }) => isPassword(password, hash),
      },
    },
    rateLimit: {
      enabled: true,
      storage: "memory",
      window: minute,
      max: 300,
      // Many people may share an IP address behind a proxy. Attempts on one person are limited earlier, per
      // e-mail address.
      customRules: {
        "/sign-in/email": { window: minute, max: 60 },
        "/sign-in/social": { window: minute, max: 60 },
        "/change-password": { window: minute, max: 30 },
      },
    },
    advanced: {
      // `__Host-` binds the cookie to this host and https; the library itself only supports `__Secure-`.
      useSecureCookies: false,
      cookiePrefix: isSecure ? "__Host-clientele" : "clientele",
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      // The schema is ours and has no column for pictures, so the library must not validate it.
      database: { generateId: () => newIdAt(new Date()), validateSchema: false },
    },
    plugins: oidc
      ? [
          genericOAuth({
            config: [
              {
                providerId,
                name: oidc.name,
                discoveryUrl: `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
                requireIdTokenVerification: true,
                clientId: oidc.clientId,
                clientSecret: oidc.clientSecret,
                scopes: ["openid", "email", "profile"],
                pkce: true,
                mapProfileToUser: ({ name, email }) => ({ name: String(name || email) }),
              },
            ],
          }),
        ]
      : [],
  });
  return { auth, basePath, addressHeader, requestIdHeader };
}
