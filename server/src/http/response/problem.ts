import { type Fault, nameOf, Problem, statusOf } from "@clientele/contract/errors";
import type { FastifyReply } from "fastify";

type ErrorBody = {
  error: string;
  name: string;
  errorCode: string;
  details: Record<string, Record<string, string>> | null;
  extras: unknown;
};

/** The error envelope of CONTRACT: every fault under the part of the request it stands in. */
export function errorBody(problem: Problem): ErrorBody {
  return {
    error: problem.message,
    name: nameOf(problem.code),
    errorCode: problem.code,
    details: problem.faults.length === 0 ? null : grouped(problem.faults),
    extras: problem.extras,
  };
}

function grouped(faults: readonly Fault[]): Record<string, Record<string, string>> {
  const details: Record<string, Record<string, string>> = {};
  for (const fault of faults) {
    // Without a prototype: `constructor` and `__proto__` are places like any other.
    details[fault.in] ??= Object.create(null) as Record<string, string>;
    const group = details[fault.in]!;
    group[fault.path] = fault.path in group ? `${group[fault.path]}; ${fault.message}` : fault.message;
  }
  return details;
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const status = statusOf(problem.code);
  // What is left of the body is not waited for.
  if (reply.request.raw.complete === false) reply.header("connection", "close");
  if (status === 401) reply.header("www-authenticate", 'Bearer realm="clientele"');
  return reply
    .code(status)
    .headers(problem.headers)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(errorBody(problem)));
}

type Refused = readonly [Problem["code"], Fault?];

const faultAt = (place: Fault["in"], path: string, code: Fault["code"], message: string): Fault => ({
  in: place,
  path,
  code,
  message,
});

const refusalsOfFastify: Record<string, Refused> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["BODY_TOO_LARGE"],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    "MEDIA_TYPE_UNSUPPORTED",
    faultAt("headers", "content-type", "MEDIA_TYPE_UNSUPPORTED", "must be application/json, in UTF-8"),
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["REQUEST_MALFORMED"],
  FST_ERR_BAD_URL: [
    "REQUEST_INVALID",
    faultAt("params", "", "REQUEST_INVALID", "must be percent-encoded UTF-8"),
  ],
  FST_ERR_MAX_PARAM_LENGTH: ["REQUEST_INVALID", faultAt("params", "", "REQUEST_INVALID", "is too long")],
};

/** What the caller is told of any error. One that we did not foresee becomes INTERNAL, its text kept inside. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code = "", statusCode = 500 } = error as { code?: string; statusCode?: number };
  const known = refusalsOfFastify[code];
  if (known) return new Problem(known[0], { cause: error, faults: known[1] ? [known[1]] : [] });
  return new Problem(statusCode >= 400 && statusCode < 500 ? "REQUEST_MALFORMED" : "INTERNAL", {
    cause: error,
  });
}
