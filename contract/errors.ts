import type { Reason } from "./field-errors.ts";
import { listedParameters, type ParametersIn, renderTemplate, type TemplateParameters } from "./templates.ts";

/**
 * Every error that the service answers with. The list is closed: codes are added, never renamed. The code determines
 * the status and the name.
 */
const names = {
  400: "BadRequestError",
  401: "UnauthorizedError",
  403: "ForbiddenError",
  404: "NotFoundError",
  405: "MethodNotAllowedError",
  408: "RequestTimeoutError",
  409: "ConflictError",
  410: "GoneError",
  412: "PreconditionFailedError",
  413: "PayloadTooLargeError",
  415: "UnsupportedMediaTypeError",
  422: "UnprocessableError",
  429: "TooManyRequestsError",
  431: "RequestHeaderFieldsTooLargeError",
  500: "InternalServerError",
  503: "ServiceUnavailableError",
} as const;

export type ErrorStatus = keyof typeof names;

export const errors = {
  REQUEST_INVALID: [400, "The request is not valid."],
  REQUEST_MALFORMED: [400, "The request is not valid HTTP."],
  JSON_INVALID: [400, "The body is not valid JSON."],
  ATTRIBUTE_UNKNOWN: [400, "The request has an attribute that does not exist."],
  FIELD_UNKNOWN: [400, "There is no such custom field."],
  FIELD_VALUE_INVALID: [400, "A value is not valid for its custom field."],
  FIELD_MANDATORY: [400, "A required custom field has no value."],
  FIELD_PROTECTED: [400, "A default field cannot be deleted or retyped."],
  CATEGORY_UNKNOWN: [400, "There is no such category."],
  CATEGORY_PROTECTED: [400, "The default category cannot be deleted."],
  TAG_UNKNOWN: [400, "There is no such tag."],
  CUSTOMER_UNKNOWN: [400, "There is no such customer."],
  VERSION_UNKNOWN: [400, "There is no such version of the customer."],
  COMPANY_UNKNOWN: [400, "There is no such branch."],
  EXTERNAL_ID_INVALID: [400, "The external id cannot be used."],
  SORT_UNKNOWN: [400, "The list cannot be sorted by this attribute."],
  CURSOR_INVALID: [400, "The cursor does not belong to this list."],
  ROW_REPEATED: [400, "The row is the same customer as an earlier one."],
  IMPORT_FILE_INVALID: [400, "The file cannot be read."],
  IMPORT_COLUMNS_UNMAPPED: [400, "Columns of the file match no field."],
  PASSWORD_WRONG: [400, "The current password is incorrect."],
  ROW_NOT_WRITTEN: [400, "Nothing was written: the import is atomic and another row has errors."],
  TOKEN_MISSING: [401, "An access token is required."],
  TOKEN_INVALID: [401, "The token is not valid."],
  TOKEN_EXPIRED: [401, "The token has expired."],
  CREDENTIALS_INVALID: [401, "The app id and secret do not match."],
  SIGN_IN_INVALID: [401, "The e-mail address and the password do not match."],
  SIGN_IN_NEEDED: [401, "Sign in first."],
  SIGN_IN_FAILED: [401, "The issuer has not confirmed the identity."],
  SIGN_IN_NOT_INVITED: [403, "There is no invitation for this address."],
  ORIGIN_FORBIDDEN: [403, "Requests from other sites are not allowed."],
  MEMBERSHIP_MISSING: [403, "The person is not a member of the enterprise."],
  INVITATION_OF_OTHER: [403, "The invitation is for another person."],
  PERSON_NEEDED: [400, "Only a person can do this."],
  SCOPE_MISSING: [403, "The caller does not have the required scope."],
  COMPANY_FORBIDDEN: [403, "The caller may not act for this branch."],
  GRANT_EXCEEDED: [403, "Callers cannot grant more than their own permissions."],
  ROUTE_NOT_FOUND: [404, "Nothing exists at this address."],
  CUSTOMER_NOT_FOUND: [404, "There is no such customer."],
  FIELD_NOT_FOUND: [404, "There is no such custom field."],
  CATEGORY_NOT_FOUND: [404, "There is no such category."],
  TAG_NOT_FOUND: [404, "There is no such tag."],
  IMPORT_NOT_FOUND: [404, "There is no such import."],
  VIEW_NOT_FOUND: [404, "There is no such view."],
  WEBHOOK_NOT_FOUND: [404, "There is no such webhook."],
  DELIVERY_NOT_FOUND: [404, "There is no such delivery."],
  APP_NOT_FOUND: [404, "There is no such app."],
  COMPANY_NOT_FOUND: [404, "There is no such branch."],
  PERSON_NOT_FOUND: [404, "There is no such person."],
  INVITATION_NOT_FOUND: [404, "There is no such invitation."],
  SESSION_NOT_FOUND: [404, "There is no such session."],
  LINK_INVALID: [404, "The link is invalid or has expired."],
  METHOD_NOT_ALLOWED: [405, "This address does not support the method."],
  REQUEST_TIMEOUT: [408, "The request did not arrive in time."],
  EXTERNAL_ID_TAKEN: [409, "The external id is taken."],
  IMPORT_ID_TAKEN: [409, "The import customer id is taken."],
  FIELD_VALUE_TAKEN: [409, "A unique custom field has this value on another customer."],
  FIELD_RULE_BROKEN: [409, "Stored values break the rule."],
  NAME_TAKEN: [409, "The name is taken."],
  APP_REVOKED: [409, "The app has been revoked and cannot be restored."],
  SELECTION_CHANGED: [409, "The number of selected customers differs from the expected number."],
  IMPORT_NOT_READY: [409, "The phase of the import does not allow this."],
  IMPORT_PLAN_OUTDATED: [409, "Records have changed since the plan was made."],
  CUSTOMER_CHANGED_SINCE: [409, "The customer has changed since."],
  MEMBER_EXISTS: [409, "The person is already a member."],
  LAST_ADMINISTRATOR: [409, "An enterprise needs at least one administrator."],
  PERSON_SHARED: [409, "The person is also a member of other enterprises: only the operator can do this."],
  IDEMPOTENCY_KEY_IN_USE: [409, "A request with this idempotency key is still running."],
  CURSOR_EXPIRED: [410, "The changes after the cursor are not available."],
  VERSION_MISMATCH: [412, "The record has changed since it was read."],
  BODY_TOO_LARGE: [413, "The body is too large."],
  MEDIA_TYPE_UNSUPPORTED: [415, "The media type of the body is not supported."],
  IDEMPOTENCY_KEY_REUSED: [422, "The idempotency key was used with another request."],
  RATE_LIMITED: [429, "Too many requests."],
  HEADERS_TOO_LARGE: [431, "The request headers are too large."],
  INTERNAL: [500, "An internal error has occurred. Its cause is in the log under the request id."],
  OUTCOME_UNKNOWN: [
    503,
    "The database connection was lost and the outcome is unknown. Retry with the same Idempotency-Key.",
  ],
  DATABASE_UNAVAILABLE: [503, "The database cannot be reached. Nothing was changed."],
  DATABASE_BUSY: [503, "The database is busy. Nothing was changed."],
  SERVICE_STOPPING: [503, "The service is shutting down."],
  STORAGE_FULL: [503, "The disk of the database is full. Nothing was changed."],
} as const satisfies Record<string, readonly [ErrorStatus, string]>;

export type ErrorCode = keyof typeof errors;

/**
 * The reasons of codes that have several, or whose text has data: key, code and English template. A key is added, never
 * renamed. An answer has the text as `error`, and key and parameters in `extras.problem`.
 */
export const problemReasons = {
  CUSTOMER_DELETED_THEN: ["CUSTOMER_NOT_FOUND", "There is no such customer: it was deleted at that time."],
  CUSTOMER_NOT_CREATED_THEN: ["CUSTOMER_NOT_FOUND", "There is no such customer: it did not exist yet."],
  HISTORY_TOO_SHORT: ["CUSTOMER_NOT_FOUND", "There is no such customer: it has no history that far back."],
  SELECTED_COUNT_DIFFERS: ["SELECTION_CHANGED", "{count} customers are selected, not {expected}."],
  UPLOAD_EMPTY: ["IMPORT_FILE_INVALID", "The file is empty."],
  IMPORT_NOT_A_PLAN: ["IMPORT_NOT_READY", "Only a completed dry run can be applied."],
  IMPORT_COLUMNS_WITHOUT_FIELD: [
    "IMPORT_NOT_READY",
    "Columns have no field, so the import would stop before its first row: {columns[]}. Map them, leave them out or have them created, and plan again.",
  ],
  IMPORT_NOT_UNDOABLE: [
    "IMPORT_NOT_READY",
    "Only an import that has ended and was no dry run can be undone.",
  ],
  IMPORT_ENDED: ["IMPORT_NOT_READY", "The import has already ended: {phase}."],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type ProblemKey = keyof typeof problemReasons;
export type ProblemReason = { readonly key: ProblemKey; readonly params: TemplateParameters };

/** The part of a request that has an error. */
export type ErrorLocation = "query" | "body" | "params" | "headers";

/** `path` has dots between its parts (`customfields.0.value`); `""` is the whole part of the request. */
export type FieldError = { in: ErrorLocation; path: string; code: ErrorCode } & Reason;

/** An error of a row, with a path within the row. */
export type RowError = Omit<FieldError, "in">;
export const rowErrorOf = ({ in: _in, ...rowError }: FieldError): RowError => rowError;

/** An error of the body. */
export const bodyError = (path: string, code: ErrorCode, why: Reason): FieldError => ({
  in: "body",
  path,
  code,
  ...why,
});

export const statusOf = (code: ErrorCode): ErrorStatus => errors[code][0];
export const nameOf = (code: ErrorCode): string => names[statusOf(code)];
export const textOf = (code: ErrorCode): string => errors[code][1];

/** An error to report to the caller. `cause` goes to the log, never to the caller. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly fieldErrors: readonly FieldError[];
  readonly reason: ProblemReason | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly extras: unknown;

  constructor(
    code: ErrorCode,
    details: {
      fieldErrors?: readonly FieldError[];
      reason?: ProblemReason;
      headers?: Record<string, string>;
      extras?: unknown;
      cause?: unknown;
    } = {},
  ) {
    super(details.reason ? reasonTextOf(details.reason) : textOf(code), { cause: details.cause });
    this.name = nameOf(code);
    this.code = code;
    this.fieldErrors = details.fieldErrors ?? [];
    this.reason = details.reason ?? null;
    this.headers = details.headers ?? {};
    this.extras = details.extras ?? null;
  }
}

const reasonTextOf = ({ key, params }: ProblemReason): string =>
  renderTemplate(problemReasons[key][1], params);

/** The problem of a reason, with the code of its key. `extras` is further data of the answer. */
export const explainedProblem = <Key extends ProblemKey>(
  key: Key,
  params: ParametersIn<(typeof problemReasons)[Key][1]>,
  extras?: object,
): Problem =>
  new Problem(problemReasons[key][0], { reason: { key, params: listedParameters(params) }, extras });

/**
 * The problem that reports a list of errors. Its code is their common code, or the first code when they share only a
 * status other than 400, or else REQUEST_INVALID.
 */
export function problemOf(fieldErrors: readonly FieldError[]): Problem {
  const codes = new Set(fieldErrors.map((fieldError) => fieldError.code));
  const statuses = new Set(fieldErrors.map((fieldError) => statusOf(fieldError.code)));
  const [first = "REQUEST_INVALID"] = codes;
  const agree = codes.size === 1 || (statuses.size === 1 && statusOf(first) !== 400);
  return new Problem(agree ? first : "REQUEST_INVALID", { fieldErrors });
}
