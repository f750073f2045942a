import { type ErrorCode, Problem } from "@clientele/contract/errors";
import { timestampOf } from "@clientele/contract/formats";
import { scopesOf } from "@clientele/contract/roles";
import type { AnswerOf, RequestOf, Route } from "@clientele/contract/route";
import * as contract from "@clientele/contract/sign-in";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Tokens } from "../call.ts";
import type { OperatorPool } from "../database/pools.ts";
import type { RateLimit } from "../http/limits/rate-limit.ts";
import { refuseOtherMethods } from "../http/other-methods.ts";
import { asRequest, checked, checksOf } from "../http/request/parts.ts";
import { bodyOf } from "../http/response/answer.ts";
import { type AcceptInput, acceptLink, openLink } from "../people/accept-link.ts";
import type { Person } from "../people/accounts.ts";
import { setUpInstallation } from "../people/set-up.ts";
import { type AuthClient, openAuthClient } from "./auth-client.ts";
import type { SignInOptions } from "./better-auth.ts";
import { refuseOtherSites } from "./origin.ts";

export type SignIn = SignInOptions & {
  operator: OperatorPool;
  tokens: Tokens;
  failures: RateLimit;
  clock: () => Date;
};

type Session = {
  id: string;
  token: string;
  createdAt: string;
  updatedAt: string;
  expiresAt: string;
  ipAddress: string | null;
  userAgent: string | null;
};
type SignedInSession = { session: Session; user: Person };
type Handler<R extends Route> = (
  input: RequestOf<R>,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<AnswerOf<R>>;

/** Mounts `/auth`: cookie sessions and the tokens issued for them. */
export function mountSignIn(app: FastifyInstance, options: SignIn): void {
  const { accounts, tokens, clock, oidc, publicUrl } = options;
  const auth = openAuthClient(options);
  const methods = new Map<string, Set<string>>();

  function on<R extends Route>(route: R, handle: Handler<R>): void {
    const checks = checksOf(route);
    methods.set(route.path, new Set([route.method]));
    app.route({
      method: route.method,
      url: route.path,
      onRequest: async (request) => {
        if (route.method !== "GET") refuseOtherSites(request, publicUrl);
      },
      handler: async (request, reply) => {
        if (route.body) request.body ??= {};
        const answer = await handle(asRequest<R>(checked(route, checks, request)), request, reply);
        return reply.code(route.status).type("application/json; charset=utf-8").send(bodyOf(route, answer));
      },
    });
  }

  on(contract.fetchMethods, async () => ({
    data: {
      password: true as const,
      oidc: oidc && { name: oidc.name },
      needsSetUp: !(await accounts.hasAny()),
    },
  }));

  on(contract.signInByEmail, async ({ body }, request, reply) => {
    const email = body.email.toLowerCase();
    const person = await countingFailures(options.failures, `${request.ip}/${email}`, () =>
      signIn(auth, request, reply, email, body.password),
    );
    return { data: { person } };
  });

  on(contract.signInByOidc, async ({ body }, request, reply) => {
    if (!oidc) throw new Problem("ROUTE_NOT_FOUND");
    const { url } = await auth.request<{ url: string }>(request, reply, "/sign-in/social", {
      method: "POST",
      body: {
        provider: "oidc",
        callbackURL: body.returnTo ?? "/",
        errorCallbackURL: signInPage,
        disableRedirect: true,
      },
    });
    return { data: { url } };
  });

  on(contract.signOut, async (_, request, reply) => {
    await auth.request(request, reply, "/sign-out", { method: "POST", body: {} });
    return { data: { signedOut: true as const } };
  });

  on(contract.takeToken, async ({ body }, request, reply) => {
    const { session, user } = await requireSession(auth, request, reply);
    const memberships = await accounts.memberships(user.id);
    const membership = memberships.find(
      ({ id }) => body.enterpriseId === undefined || id === body.enterpriseId,
    );
    if (!membership) throw new Problem("MEMBERSHIP_MISSING");
    const grant = {
      enterpriseId: membership.id,
      personId: user.id,
      sessionId: session.id,
      scopes: scopesOf(membership.role),
    };
    return { data: { ...(await tokens.issueToPerson(grant, clock())), enterpriseId: membership.id } };
  });

  on(contract.listSessions, async (_, request, reply) => {
    const { session: current } = await requireSession(auth, request, reply);
    const data = (await auth.request<Session[]>(request, reply, "/list-sessions"))
      .sort((one, other) => other.updatedAt.localeCompare(one.updatedAt))
      .map((session) => ({
        id: session.id,
        createdAt: timestampOf(new Date(session.createdAt)),
        lastUsedAt: timestampOf(new Date(session.updatedAt)),
        expiresAt: timestampOf(new Date(session.expiresAt)),
        ipAddress: session.ipAddress ?? "",
        userAgent: session.userAgent ?? "",
        isCurrent: session.id === current.id,
      }));
    return { page: 1, limit: Math.max(data.length, 1), total: data.length, data };
  });

  on(contract.revokeSession, async ({ body }, request, reply) => {
    await requireSession(auth, request, reply);
    const sessions = await auth.request<Session[]>(request, reply, "/list-sessions");
    const found = sessions.find(({ id }) => id === body.id);
    if (!found) throw new Problem("SESSION_NOT_FOUND");
    await auth.request(request, reply, "/revoke-session", { method: "POST", body: { token: found.token } });
    return { data: { id: found.id } };
  });

  on(contract.changePassword, async ({ body }, request, reply) => {
    const { user } = await requireSession(auth, request, reply);
    const change = { ...body, revokeOtherSessions: true };
    await auth.request(request, reply, "/change-password", { method: "POST", body: change });
    return { data: { person: personOf(user) } };
  });

  on(contract.setUp, async ({ body }, request, reply) => {
    const { email } = await setUpInstallation(options, body, { now: clock(), requestId: request.id });
    return { data: { person: await signIn(auth, request, reply, email, body.password) } };
  });

  on(contract.fetchInvitation, async ({ query }) => {
    const opened = await openLink(options, query.token, clock());
    const isInvitation = opened.kind === "invitation";
    return {
      data: {
        kind: opened.kind,
        email: isInvitation ? opened.invitation.email : opened.person.email,
        enterprise: isInvitation ? { id: opened.enterpriseId, name: opened.invitation.enterpriseName } : null,
        role: isInvitation ? opened.invitation.role : null,
        hasAccount: opened.person !== undefined,
        expiresAt: timestampOf(opened.expiresAt),
      },
    };
  });

  on(contract.acceptInvitation, async ({ body }, request, reply) => {
    const session = await auth.request<SignedInSession | null>(request, reply, "/get-session");
    const { person, password } = await acceptLink(
      options,
      body as AcceptInput,
      session && personOf(session.user),
      { now: clock(), requestId: request.id },
    );
    const signedInNow =
      password === undefined ? person : await signIn(auth, request, reply, person.email, password);
    return { data: { person: signedInNow } };
  });

  if (oidc) {
    const url = "/auth/callback/oidc";
    methods.set(url, new Set(["GET"]));
    app.get(url, async (request, reply) => {
      const mark = request.url.indexOf("?");
      const query = mark < 0 ? "" : request.url.slice(mark);
      const answer = await auth.ask(request, reply, "/callback/oidc", { query });
      const location = answer.status === 302 ? answer.headers.get("location") : null;
      return reply.redirect(location === null ? signInErrorPage("SIGN_IN_FAILED") : landingPage(location));
    });
  }
  refuseOtherMethods(app, methods);
}

const signInPage = "/sign-in";
const signInErrorPage = (code: ErrorCode): string => `${signInPage}?error=${code}`;

/** The library's redirect target, with its errors replaced by our codes. */
function landingPage(location: string): string {
  const error = new URL(location, "http://localhost").searchParams.get("error");
  if (error === null) return location;
  const isUnknown = error === "SIGN_IN_NOT_INVITED" || /not.linked|unable.to.link/.test(error);
  return signInErrorPage(isUnknown ? "SIGN_IN_NOT_INVITED" : "SIGN_IN_FAILED");
}

const personOf = ({ id, name, email, locale }: Person): Person => ({ id, name, email, locale });

async function signIn(
  auth: AuthClient,
  request: FastifyRequest,
  reply: FastifyReply,
  email: string,
  password: string,
): Promise<Person> {
  const asked = { method: "POST", body: { email, password } } as const;
  const { user } = await auth.request<{ user: Person }>(request, reply, "/sign-in/email", asked);
  return personOf(user);
}

async function requireSession(
  auth: AuthClient,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SignedInSession> {
  const current = await auth.request<SignedInSession | null>(request, reply, "/get-session");
  if (!current) throw new Problem("SIGN_IN_NEEDED");
  return current;
}

/** Limits failed passwords per address; only failures count. */
async function countingFailures<T>(failures: RateLimit, key: string, run: () => Promise<T>): Promise<T> {
  failures.take(key);
  let isRefused = false;
  try {
    return await run();
  } catch (error) {
    isRefused = error instanceof Problem && error.code === "SIGN_IN_INVALID";
    throw error;
  } finally {
    if (!isRefused) failures.refund(key);
  }
}
