import { lookup as lookUp } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type Allowed, hostOf, isAllowed, refusalOf } from "./target.ts";

export type Request = { url: string; headers: Record<string, string>; body: string };

/** What came of it: an answer, or why there was none. `retryAfter` is the header. */
export type Outcome = {
  status: number | null;
  answer: string;
  error: string;
  retryAfter: string | undefined;
};

/** Sends once. Rejects when the signal is aborted, and for nothing else. */
export type Send = (request: Request, signal: AbortSignal) => Promise<Outcome>;

/** The addresses of a name. */
export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>;

const timeoutMs = 15_000;
const answerBytesMax = 2_048;
const errorCharactersMax = 300;

/** How long a connection rests before it is closed: not as long as any receiver would keep it. */
const restMs = 4_000;

class Refused extends Error {}

export type SendOptions = { allowed: Allowed; resolve?: Resolve; timeoutMs?: number };

/**
 * Sends to where webhooks may go. A name is resolved once for each connection, and connected to is what was looked
 * at; proxies of the environment are not asked, redirects not followed, and of an answer only its beginning is read.
 */
export function openSend({
  allowed,
  resolve = (host) => lookUp(host, { all: true }),
  timeoutMs: withinMs = timeoutMs,
}: SendOptions): { send: Send; close(): void } {
  const options = { keepAlive: true, maxFreeSockets: 16, timeout: restMs };
  const agents = { "http:": new http.Agent(options), "https:": new https.Agent(options) };

  const checked: LookupFunction = (host, { all }, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        const isRefused = addresses.some(({ address }) => !isAllowed(address, host, allowed));
        if (!first || isRefused) callback(new Refused("Its name leads to no public address."), []);
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
      // An address is connected to as it is, and was looked at with the URL.
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
      request.on("close", () => failed(new Error("The connection was closed without an answer.")));
      request.end(body);
    });
    return {
      status: response.statusCode!,
      answer: await beginningOf(response),
      error: "",
      retryAfter: response.headers["retry-after"],
    };
  }

  return {
    async send(request, signal) {
      const refusal = refusalOf(request.url, allowed);
      if (refusal !== null) return unanswered(`Not sent: the address ${refusal}.`);
      const timeout = AbortSignal.timeout(withinMs);
      try {
        return await once(request, AbortSignal.any([signal, timeout]));
      } catch (error) {
        signal.throwIfAborted();
        return unanswered(timeout.aborted ? `No answer within ${withinMs / 1000} seconds.` : told(error));
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

const unanswered = (error: string): Outcome => ({ status: null, answer: "", error, retryAfter: undefined });

/** What is read beyond the beginning is let go with the connection. */
async function beginningOf(response: http.IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > answerBytesMax) break;
    }
  } catch {
    // The status has been told; the rest is for whoever reads the log.
  }
  return clean(Buffer.concat(pieces).subarray(0, answerBytesMax).toString("utf8"));
}

function told(error: unknown): string {
  const { code, message, errors } = error as NodeJS.ErrnoException & { errors?: Error[] };
  if (code === "ENOTFOUND") return "Its name is not known.";
  // Of several addresses none could be reached.
  const text = message || errors?.[0]?.message || code || "It could not be reached.";
  return clean(text).slice(0, errorCharactersMax);
}

/** PostgreSQL keeps no NUL. */
const clean = (text: string): string => text.replaceAll("\0", "");
