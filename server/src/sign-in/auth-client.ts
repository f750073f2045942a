import { bodyError, Problem } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SignInOptions } from "./better-auth.ts";
import { originOf } from "./origin.ts";

export type AuthRequest = { method?: "GET" | "POST"; body?: Record<string, unknown>; query?: string };

/** Calls the sign-in library behind our routes. It is loaded with the first sign-in, not at start. */
export function openAuthClient(options: SignInOptions) {
  let opened: Promise<ReturnType<typeof import("./better-auth.ts").openBetterAuth>>;
  const open = () => {
    opened ??= import("./better-auth.ts").then(({ openBetterAuth }) => openBetterAuth(options));
    return opened;
  };

  /** Forwards a request to the library on behalf of the browser and copies its cookies to the reply. */
  async function forward(
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    { method = "GET", body, query = "" }: AuthRequest = {},
  ): Promise<Response> {
    const { auth, addressHeader, requestIdHeader, basePath } = await open();
    const origin = originOf(request, options.publicUrl);
    const headers = new Headers({ [addressHeader]: request.ip, [requestIdHeader]: request.id, origin });
    for (const name of ["cookie", "user-agent"] as const) {
      const value = request.headers[name];
      if (value !== undefined) headers.set(name, value);
    }
    if (body) headers.set("content-type", "application/json");
    const response = await auth.handler(
      new Request(`${origin}${basePath}${path}${query}`, {
        method,
        headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    );
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) reply.header("set-cookie", cookies);
    return response;
  }

  return {
    ask: forward,
    /** The library's answer; its errors become problems of our contract. */
    async request<T>(
      request: FastifyRequest,
      reply: FastifyReply,
      path: string,
      options: AuthRequest = {},
    ): Promise<T> {
      const response = await forward(request, reply, path, options);
      const body = (await response.json().catch(() => null)) as unknown;
      if (!response.ok) throw problemOfAuth(response, body as { code?: string; message?: string } | null);
      return body as T;
    },
  };
}

export type AuthClient = ReturnType<typeof openAuthClient>;

const wrongPassword = () =>
  new Problem("PASSWORD_WRONG", {
    fieldErrors: [bodyError("currentPassword", "PASSWORD_WRONG", reason("PASSWORD_WRONG"))],
  });

const problems: Record<string, () => Problem> = {
  INVALID_EMAIL_OR_PASSWORD: () => new Problem("SIGN_IN_INVALID"),
  INVALID_PASSWORD: wrongPassword,
  // A person who only signs in through the issuer.
  CREDENTIAL_ACCOUNT_NOT_FOUND: wrongPassword,
  PROVIDER_NOT_FOUND: () => new Problem("SIGN_IN_FAILED"),
};

function problemOfAuth(
  { status, headers }: Response,
  problem: { code?: string; message?: string } | null,
): Problem {
  const known = problems[problem?.code ?? ""];
  if (known) return known();
  switch (status) {
    case 401:
      return new Problem("SIGN_IN_NEEDED");
    case 403:
      return new Problem("ORIGIN_FORBIDDEN");
    case 429:
      return new Problem("RATE_LIMITED", {
        headers: { "retry-after": headers.get("x-retry-after") ?? "60" },
      });
    default:
      return new Problem("INTERNAL", { cause: new Error(`${status} ${problem?.code} ${problem?.message}`) });
  }
}
