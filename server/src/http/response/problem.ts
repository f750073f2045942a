import { type FieldError, nameOf, Problem, statusOf } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { FastifyReply } from "fastify";
import { required } from "../../validation/required.ts";

type ErrorBody = {
  error: string;
  name: string;
  errorCode: string;
  details: Record<string, Record<string, string>> | null;
  extras: unknown;
};

/** The error envelope of the contract: every error under the part of the request it belongs to. */
export function errorBody(problem: Problem): ErrorBody {
  return {
    error: problem.message,
    name: nameOf(problem.code),
    errorCode: problem.code,
    details: problem.fieldErrors.length === 0 ? null : grouped(problem.fieldErrors),
    extras: extrasOf(problem),
  };
}

/** The reason, the errors and other extras of the problem; null without any. */
function extrasOf({ fieldErrors, reason: problem, extras }: Problem): unknown {
  if (fieldErrors.length === 0 && problem === null) return extras;
  return {
    ...(typeof extras === "object" ? extras : {}),
    ...(problem && { problem }),
    ...(fieldErrors.length > 0 && { errors: fieldErrors }),
  };
}

function grouped(fieldErrors: readonly FieldError[]): Record<string, Record<string, string>> {
  const details: Record<string, Record<string, string>> = {};
  for (const fieldError of fieldErrors) {
    // Without a prototype: `constructor` and `__proto__` are valid paths.
    details[fieldError.in] ??= Object.create(null) as Record<string, string>;
    const group = required(details[fieldError.in], "the errors of the location");
    group[fieldError.path] =
      fieldError.path in group ? `${group[fieldError.path]}; ${fieldError.message}` : fieldError.message;
  }
  return details;
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const status = statusOf(problem.code);
  // Does not wait for the rest of the body.
  if (reply.request.raw.complete === false) reply.header("connection", "close");
  if (status === 401) reply.header("www-authenticate", 'Bearer realm="clientele"');
  return reply
    .code(status)
    .headers(problem.headers)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(errorBody(problem)));
}

type Refused = readonly [Problem["code"], FieldError?];

const errorAt = (
  place: FieldError["in"],
  path: string,
  code: FieldError["code"],
  why: Reason,
): FieldError => ({
  in: place,
  path,
  code,
  ...why,
});

const refusalsOfFastify: Record<string, Refused> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["BODY_TOO_LARGE"],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    "MEDIA_TYPE_UNSUPPORTED",
    errorAt("headers", "content-type", "MEDIA_TYPE_UNSUPPORTED", reason("MEDIA_TYPE_NOT_JSON")),
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["REQUEST_MALFORMED"],
  FST_ERR_BAD_URL: [
    "REQUEST_INVALID",
    errorAt("params", "", "REQUEST_INVALID", reason("PERCENT_ENCODING_INVALID")),
  ],
  FST_ERR_MAX_PARAM_LENGTH: [
    "REQUEST_INVALID",
    errorAt("params", "", "REQUEST_INVALID", reason("PARAMETER_TOO_LONG")),
  ],
};

/** Maps any error to a problem. An unexpected error becomes INTERNAL, and its text stays in the log. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code = "", statusCode = 500 } = error as { code?: string; statusCode?: number };
  const known = refusalsOfFastify[code];
  if (known) return new Problem(known[0], { cause: error, fieldErrors: known[1] ? [known[1]] : [] });
  return new Problem(statusCode >= 400 && statusCode < 500 ? "REQUEST_MALFORMED" : "INTERNAL", {
    cause: error,
  });
}
