import { ClienteleError, type Details } from "@clientele/sdk";

/** A request to /auth, which uses the session cookie and is not part of the API contract. Rejects as the SDK does. */
export async function requestAuth<Answer>(path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`/auth/${path}`, {
    method: body === undefined ? "GET" : "POST",
    credentials: "same-origin",
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new ClienteleError("The service cannot be reached.", { code: "CONNECTION_FAILED", cause });
  });
  const text = await response.text();
  const answer = (text === "" ? null : JSON.parse(text)) as ({ data: Answer } & Refusal) | null;
  if (response.ok) return answer!.data;
  const { error = "", errorCode = "ANSWER_UNKNOWN", details = {} } = answer ?? {};
  throw new ClienteleError(error, {
    code: errorCode as ClienteleError["code"],
    status: response.status,
    details,
    requestId: response.headers.get("x-request-id"),
  });
}

type Refusal = { error?: string; errorCode?: string; details?: Details };

/** An access token for one enterprise; `expires` is in seconds. */
export type Token = { accessToken: string; expires: number; enterpriseId: string };

export const isSignedOut = (error: unknown): boolean =>
  error instanceof ClienteleError && error.status === 401;

export const hasCode = (error: unknown, ...codes: ClienteleError["code"][]): boolean =>
  error instanceof ClienteleError && codes.includes(error.code);

/** The error of a failed single sign-on, which returns only a code. */
export const signInError = (code: string): ClienteleError =>
  new ClienteleError("The sign-in was refused.", { code: code as ClienteleError["code"] });
