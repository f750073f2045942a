import { ClienteleError, errorOf, objectOf, unknownAnswer } from "./error.ts";
import type { OutgoingRequest } from "./request.ts";

export type Fetch = typeof globalThis.fetch;
export type Received = Record<string, unknown> & { headers: Headers };
type Limits = { timeoutMs: number; signal?: AbortSignal | undefined };

/** Sends a request once: the answer's body with its headers, or a ClienteleError. */
export async function send(fetch: Fetch, request: OutgoingRequest, limits: Limits): Promise<Received> {
  const { url, ...init } = request;
  const { response, text } = await exchange(fetch, url, init, limits);
  if (!response.ok) throw errorOf(response, text);
  const body = objectOf(text);
  if (body === null || Array.isArray(body)) throw unknownAnswer(response, text);
  return Object.assign(body, { headers: response.headers });
}

async function exchange(fetch: Fetch, url: string, init: RequestInit, { timeoutMs, signal }: Limits) {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    // A redirect followed would turn a POST into a GET.
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return { response, text: await response.text() };
  } catch (cause) {
    signal?.throwIfAborted();
    const { origin } = new URL(url);
    if (timeout.aborted) {
      const message = `${origin} did not answer within ${timeoutMs / 1000} s.`;
      throw new ClienteleError(message, { code: "TIMED_OUT", cause });
    }
    throw new ClienteleError(`${origin} cannot be reached: ${reasonOf(cause)}.`, {
      code: "CONNECTION_FAILED",
      cause,
    });
  }
}

/** Node says what happened in the cause of its "fetch failed"; browsers say nothing more. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
