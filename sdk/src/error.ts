import type { ErrorCode, ErrorLocation, ProblemReason } from "@clientele/contract/errors";
import type { FieldErrorKey, FieldErrorParameters } from "@clientele/contract/field-errors";

/** Codes of the client itself: no connection, no answer in time, or an answer that Clientele does not send. */
type OwnCode = "CONNECTION_FAILED" | "TIMED_OUT" | "ANSWER_UNKNOWN";

/** Validation errors by part of the request and path, as on the wire: `details.body["customfields.0.value"]`. */
export type Details = Partial<Record<ErrorLocation, Record<string, string>>>;

/** One validation error. `key` and `params` tell the reason; `message` is its English text. */
export type FieldError = {
  in: ErrorLocation;
  path: string;
  code?: ErrorCode;
  key?: FieldErrorKey;
  params?: FieldErrorParameters;
  message: string;
};

type Facts = {
  code: ErrorCode | OwnCode;
  /** Undefined if there was no answer. */
  status?: number;
  details?: Details;
  extras?: unknown;
  /** Identifies the request in the service's log. */
  requestId?: string | null;
  retryAfterMs?: number | null;
  cause?: unknown;
};

/** Thrown by every failed call, except for the caller's own abort and invalid arguments (`TypeError`). */
export class ClienteleError extends Error {
  readonly code: ErrorCode | OwnCode;
  readonly status: number | null;
  readonly details: Details;
  readonly extras: unknown;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;

  constructor(message: string, facts: Facts) {
    super(message, { cause: facts.cause });
    this.name = "ClienteleError";
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.details = facts.details ?? {};
    this.extras = facts.extras ?? null;
    this.requestId = facts.requestId ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }

  /** The reason in `extras.problem`, for codes that have several. Null without one. */
  get problem(): ProblemReason | null {
    const { problem = null } = (this.extras ?? {}) as { problem?: ProblemReason | null };
    return problem;
  }

  /** The validation errors as a list. From an answer that has only `details` they come without key and code. */
  get fieldErrors(): FieldError[] {
    const { errors = [] } = (this.extras ?? {}) as { errors?: FieldError[] };
    if (errors.length > 0) return errors;
    return Object.entries(this.details).flatMap(([place, fieldErrors]) =>
      Object.entries(fieldErrors).map(([path, message]) => ({ in: place as ErrorLocation, path, message })),
    );
  }
}

/** The error for an answer with status 300 or above. */
export function errorFromResponse(response: Response, text: string): ClienteleError {
  const facts = {
    status: response.status,
    requestId: response.headers.get("x-request-id"),
    retryAfterMs: retryAfterMsOf(response.headers.get("retry-after")),
  };
  const body = parseObject(text);
  if (typeof body?.["error"] !== "string") return unexpectedAnswer(response, text, facts);
  const details = (body["details"] ?? {}) as Details;
  const code = (body["errorCode"] ?? "ANSWER_UNKNOWN") as ErrorCode | OwnCode;
  return new ClienteleError(withFieldErrors(body["error"], details), {
    ...facts,
    code,
    details,
    extras: body["extras"],
  });
}

/** The error for an answer that did not come from Clientele but from a proxy or another server. */
export function unexpectedAnswer(
  response: Response,
  text: string,
  facts: Partial<Facts> = {},
): ClienteleError {
  const location = response.headers.get("location");
  const moved = location === null ? "" : ` with a redirect to ${location}`;
  const shown = text
    .replace(/<(style|script|head)\b.*?<\/\1>/gis, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 100);
  const excerpt = shown === "" ? "" : `: ${shown}`;
  return new ClienteleError(
    `${new URL(response.url).origin} answered ${response.status}${moved}, not a Clientele response${excerpt}`,
    { ...facts, status: response.status, code: "ANSWER_UNKNOWN" },
  );
}

export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function withFieldErrors(error: string, details: Details): string {
  const fieldErrors = Object.entries(details).flatMap(([place, group]) =>
    Object.entries(group).map(([path, message]) => `${path === "" ? place : path} ${message}`),
  );
  if (fieldErrors.length === 0) return error;
  const shown = fieldErrors.slice(0, 3).join("; ");
  return `${error.replace(/\.$/, "")}: ${shown}${fieldErrors.length > 3 ? `; and ${fieldErrors.length - 3} more` : ""}`;
}

/** Parses `Retry-After`, in seconds or as a date. */
function retryAfterMsOf(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
