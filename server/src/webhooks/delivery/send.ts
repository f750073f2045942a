import { lookup as lookUp } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { AttemptError } from "@clientele/contract/attempt-errors";
import { required } from "../../validation/required.ts";
import { type Allowed, hostOf, isAllowed, refusalOf } from "./target.ts";

export type Request = { url: string; headers: Record<string, string>; body: string };

/** An answer, or the error that prevented one. `retryAfter` is the header. */
export type Outcome = {
  status: number | null;
  answer: string;
  error: AttemptError | null;
  retryAfter: string | undefined;
};

/** Sends once. Rejects only when the signal is aborted. */
export type Send = (request: Request, signal: AbortSignal) => Promise<Outcome>;

export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>;

const timeoutMs = 15_000;
const answerBytesMax = 2_048;
const errorCharactersMax = 300;

/** Idle connections are closed before any common receiver would close them (5 s). */
const idleMs = 4_000;

/** An error whose reason this service knows itself. */
class Unsent extends Error {
  readonly error: AttemptError;
  constructor(error: AttemptError) {
    super(error.key);
    this.error = error;
  }
}

export type SendOptions = { allowed: Allowed; resolve?: Resolve; timeoutMs?: number };

/**
 * Sends to allowed targets only. A name is resolved once per connection and the checked address is the one connected
 * to. Proxy variables and redirects are ignored; of an answer only the first 2 kB are read.
 */
export function openSend({
  allowed,
  resolve = (host) => lookUp(host, { all: true }),
  timeoutMs: withinMs = timeoutMs,
}: SendOptions): { send: Send; close(): void } {
  const options = { keepAlive: true, maxFreeSockets: 16, timeout: idleMs };
  const agents = { "http:": new http.Agent(options), "https:": new https.Agent(options) };

  const checked: LookupFunction = (host, { all }, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        const isRefused = addresses.some(({ address }) => !isAllowed(address, host, allowed));
        if (!first || isRefused) callback(new Unsent({ key: "HOST_NOT_PUBLIC", params: {} }), []);
        else if (all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };

  async function once({ url, headers, body }: Request, signal: AbortSignal): Promise<Outcome> {
    const to = new URL(url);
    const host = hostOf(to);
    const isHttps = to.protocol === "https:";
    const request = (isHttps ? https : http).request({
      agent: agents[to.protocol as keyof typeof agents],
      method: "POST",
      host,
      port: to.port || (isHttps ? 443 : 80),
      path: `${to.pathname}${to.search}`,
      // A literal address was checked with the URL.
      ...(isIP(host) === 0 ? { lookup: checked } : {}),
      headers: {
        host: to.host,
        "user-agent": "clientele",
        "content-type": "application/json; charset=utf-8",
        "content-length": String(Buffer.byteLength(body)),
        ...headers,
      },
      signal,
    });
    const response = await new Promise<http.IncomingMessage>((answered, failed) => {
      request.on("response", answered).on("error", failed);
      request.on("close", () => failed(new Unsent({ key: "CONNECTION_CLOSED", params: {} })));
      request.end(body);
    });
    return {
      status: required(response.statusCode, "the status code"),
      answer: await beginningOf(response),
      error: null,
      retryAfter: response.headers["retry-after"],
    };
  }

  return {
    async send(request, signal) {
      const refusal = refusalOf(request.url, allowed);
      if (refusal !== null) return unanswered({ key: refusal.key, params: {} });
      const timeout = AbortSignal.timeout(withinMs);
      try {
        return await once(request, AbortSignal.any([signal, timeout]));
      } catch (error) {
        signal.throwIfAborted();
        return unanswered(
          timeout.aborted
            ? { key: "TIMED_OUT", params: { seconds: withinMs / 1_000 } }
            : attemptErrorOf(error),
        );
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

const unanswered = (error: AttemptError): Outcome => ({
  status: null,
  answer: "",
  error,
  retryAfter: undefined,
});

/** Reads the beginning of the answer. Breaking off destroys the connection. */
async function beginningOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > answerBytesMax) break;
    }
  } catch {
    // The status decides; the text is only logged.
  }
  return clean(Buffer.concat(chunks).subarray(0, answerBytesMax).toString("utf8"));
}

function attemptErrorOf(error: unknown): AttemptError {
  if (error instanceof Unsent) return error.error;
  const { code, message, errors } = error as NodeJS.ErrnoException & { errors?: Error[] };
  if (code === "ENOTFOUND") return { key: "HOST_UNKNOWN", params: {} };
  // Node reports several failed addresses as an AggregateError without a message.
  const problem = message || errors?.[0]?.message || code;
  if (!problem) return { key: "UNREACHABLE", params: {} };
  return { key: "NETWORK_ERROR", params: { problem: clean(problem).slice(0, errorCharactersMax) } };
}

/** PostgreSQL text cannot hold NUL. */
const clean = (text: string): string => text.replaceAll("\0", "");
