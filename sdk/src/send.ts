import { errorOf, objectOf, unknownAnswer } from "./error.ts";
import { type FileAnswer, fileAnswerOf } from "./file-answer.ts";
import type { OutgoingRequest } from "./request.ts";
import { type Limits, openWatch, type Watch } from "./watch.ts";

export type Fetch = typeof globalThis.fetch;
export type Received = Record<string, unknown> & { headers: Headers };

/** Sends a request once: the answer's body with its headers, or a ClienteleError. */
export async function send(fetch: Fetch, request: OutgoingRequest, limits: Limits): Promise<Received> {
  const watch = openWatch(limits);
  try {
    const { response, text } = await exchange(fetch, request, watch);
    if (!response.ok) throw errorOf(response, text);
    const body = objectOf(text);
    if (body === null || Array.isArray(body)) throw unknownAnswer(response, text);
    return Object.assign(body, { headers: response.headers });
  } finally {
    watch.rest();
  }
}

/** The same for an answer that is a file of one of these types. */
export async function sendForFile(
  fetch: Fetch,
  request: OutgoingRequest,
  types: readonly string[],
  limits: Limits,
): Promise<FileAnswer> {
  const watch = openWatch(limits);
  try {
    const isFile = ({ ok, headers }: Response) =>
      ok && types.includes((headers.get("content-type") ?? "").split(";")[0]!.trim());
    const { response, text } = await exchange(fetch, request, watch, isFile);
    if (isFile(response)) return fileAnswerOf(response, watch);
    throw response.ok ? unknownAnswer(response, text) : errorOf(response, text);
  } finally {
    watch.rest();
  }
}

/** The text of a file is left to whoever reads it. */
async function exchange(
  fetch: Fetch,
  request: OutgoingRequest,
  watch: Watch,
  isFile: (response: Response) => boolean = () => false,
): Promise<{ response: Response; text: string }> {
  const { url, file, ...init } = request;
  const opened = await file?.open(watch);
  try {
    // A redirect followed would turn a POST into a GET. Half duplex: the answer comes after the file.
    const response = await fetch(url, {
      ...init,
      ...(opened ? { body: opened.content, duplex: "half" } : {}),
      redirect: "manual",
      signal: watch.signal,
    } as RequestInit);
    return { response, text: isFile(response) ? "" : await response.text() };
  } catch (cause) {
    if (opened?.failure) throw opened.failure.error;
    const { origin } = new URL(url);
    throw watch.problemOf(cause, {
      late: `${origin} did not answer within`,
      broken: `${origin} cannot be reached`,
    });
  }
}
