import { errorFromResponse, parseObject, unexpectedAnswer } from "./error.ts";
import { type FileAnswer, fileFromResponse } from "./file-response.ts";
import type { OutgoingRequest } from "./request.ts";
import { type Limits, type StallTimeout, startStallTimeout } from "./stall-timeout.ts";

export type Fetch = typeof globalThis.fetch;
export type Received = Record<string, unknown> & { headers: Headers };

/** Sends a request once and returns the body with the headers. Throws a ClienteleError otherwise. */
export async function send(fetch: Fetch, request: OutgoingRequest, limits: Limits): Promise<Received> {
  const stallTimeout = startStallTimeout(limits);
  try {
    const { response, text } = await exchange(fetch, request, stallTimeout);
    if (!response.ok) throw errorFromResponse(response, text);
    const body = parseObject(text);
    if (body === null || Array.isArray(body)) throw unexpectedAnswer(response, text);
    return Object.assign(body, { headers: response.headers });
  } finally {
    stallTimeout.pause();
  }
}

/** Sends a request once and returns a file of one of these media types. Throws a ClienteleError otherwise. */
export async function sendForFile(
  fetch: Fetch,
  request: OutgoingRequest,
  types: readonly string[],
  limits: Limits,
): Promise<FileAnswer> {
  const stallTimeout = startStallTimeout(limits);
  try {
    const isFile = ({ ok, headers }: Response) =>
      ok && types.includes(headers.get("content-type")?.split(";")[0]?.trim() ?? "");
    const { response, text } = await exchange(fetch, request, stallTimeout, isFile);
    if (isFile(response)) return fileFromResponse(response, stallTimeout);
    throw response.ok ? unexpectedAnswer(response, text) : errorFromResponse(response, text);
  } finally {
    stallTimeout.pause();
  }
}

/** Sends the request and reads the answer as text, unless it is a file. */
async function exchange(
  fetch: Fetch,
  request: OutgoingRequest,
  stallTimeout: StallTimeout,
  isFile: (response: Response) => boolean = () => false,
): Promise<{ response: Response; text: string }> {
  const { url, file, ...init } = request;
  const opened = await file?.open(stallTimeout);
  try {
    // Following a redirect would turn a POST into a GET. Half duplex: the answer comes after the file.
    const response = await fetch(url, {
      ...init,
      ...(opened ? { body: opened.content, duplex: "half" } : {}),
      redirect: "manual",
      signal: stallTimeout.signal,
    } as RequestInit);
    return { response, text: isFile(response) ? "" : await response.text() };
  } catch (cause) {
    if (opened?.failure) throw opened.failure.error;
    const { origin } = new URL(url);
    throw stallTimeout.errorOf(cause, {
      timedOut: `${origin} did not answer within`,
      broken: `${origin} cannot be reached`,
    });
  }
}
