import type { ErrorCode } from "./errors.ts";
import { isWrite, type Route } from "./route.ts";

const ofEvery: readonly ErrorCode[] = [
  "REQUEST_INVALID",
  "REQUEST_MALFORMED",
  "RATE_LIMITED",
  "HEADERS_TOO_LARGE",
  "INTERNAL",
  "DATABASE_UNAVAILABLE",
  "DATABASE_BUSY",
];
const ofToken: readonly ErrorCode[] = [
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "SCOPE_MISSING",
  "COMPANY_FORBIDDEN",
];
const ofBody: readonly ErrorCode[] = [
  "JSON_INVALID",
  "ATTRIBUTE_UNKNOWN",
  "REQUEST_TIMEOUT",
  "BODY_TOO_LARGE",
  "MEDIA_TYPE_UNSUPPORTED",
];
const ofWrite: readonly ErrorCode[] = [
  "IDEMPOTENCY_KEY_IN_USE",
  "IDEMPOTENCY_KEY_REUSED",
  "OUTCOME_UNKNOWN",
  "STORAGE_FULL",
];

/** Every error that a route can answer with: its own, and those of authentication, of bodies and of writes. */
export function errorsOf(route: Route): ErrorCode[] {
  const { errors, scope, body } = route;
  const codes = new Set<ErrorCode>(errors);
  for (const code of ofEvery) codes.add(code);
  if (scope !== null) for (const code of ofToken) codes.add(code);
  if (body !== undefined) for (const code of ofBody) codes.add(code);
  if (isWrite(route)) for (const code of ofWrite) codes.add(code);
  return [...codes];
}
