import type { ErrorCode, FaultPlace } from "@clientele/contract/errors";

/** What the service did not say itself: nothing came back in time, at all, or in a form we know. */
type OwnCode = "CONNECTION_FAILED" | "TIMED_OUT" | "ANSWER_UNKNOWN";

/** Every fault of a request by its place, as on the wire: `details.body["customfields.0.value"]`. */
export type Details = Partial<Record<FaultPlace, Record<string, string>>>;

type Facts = {
  code: ErrorCode | OwnCode;
  /** Null when there was no answer. */
  status?: number;
  details?: Details;
  extras?: unknown;
  /** Finds the request in the service's log. */
  requestId?: string | null;
  retryAfterMs?: number | null;
  cause?: unknown;
};

/** The one error of the client. Only a caller's own abort and a wrong use of the client throw something else. */
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

  /** Every fault of the request, one by one. */
  get faults(): { in: FaultPlace; path: string; message: string }[] {
    return Object.entries(this.details).flatMap(([place, faults]) =>
      Object.entries(faults).map(([path, message]) => ({ in: place as FaultPlace, path, message })),
    );
  }
}

/** The error that an answer of status 300 and more stands for. */
export function errorOf(response: Response, text: string): ClienteleError {
  const facts = {
    status: response.status,
    requestId: response.headers.get("x-request-id"),
    retryAfterMs: retryAfterMsOf(response.headers.get("retry-after")),
  };
  const body = objectOf(text);
  if (typeof body?.["error"] !== "string") return unknownAnswer(response, text, facts);
  const details = (body["details"] ?? {}) as Details;
  const code = (body["errorCode"] ?? "ANSWER_UNKNOWN") as ErrorCode | OwnCode;
  return new ClienteleError(withFaults(body["error"], details), {
    ...facts,
    code,
    details,
    extras: body["extras"],
  });
}

/** An answer that Clientele does not give: of a proxy, or of something else at that address. */
export function unknownAnswer(response: Response, text: string, facts: Partial<Facts> = {}): ClienteleError {
  const location = response.headers.get("location");
  const moved = location === null ? "" : ` and points to ${location}`;
  const shown = text
    .replace(/<(style|script|head)\b.*?<\/\1>/gis, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 100);
  const said = shown === "" ? "" : `: ${shown}`;
  return new ClienteleError(
    `${new URL(response.url).origin} answered ${response.status}${moved}, not as Clientele does${said}`,
    { ...facts, status: response.status, code: "ANSWER_UNKNOWN" },
  );
}

export function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function withFaults(error: string, details: Details): string {
  const faults = Object.entries(details).flatMap(([place, group]) =>
    Object.entries(group).map(([path, message]) => `${path === "" ? place : path} ${message}`),
  );
  if (faults.length === 0) return error;
  const shown = faults.slice(0, 3).join("; ");
  return `${error.replace(/\.$/, "")}: ${shown}${faults.length > 3 ? `; and ${faults.length - 3} more` : ""}`;
}

/** `Retry-After` in seconds or as a date. */
function retryAfterMsOf(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
