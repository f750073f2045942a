import { type Fault, nameOf, Problem, statusOf, textOf } from "@clientele/contract/errors";
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
  if (status === 401) reply.header("www-authenticate", 'Bearer realm="clientele"');
  return reply
    .code(status)
    .headers(problem.headers)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(errorBody(problem)));
}

const codesOfFastify: Record<string, Problem["code"]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "BODY_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "MEDIA_TYPE_UNSUPPORTED",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "REQUEST_MALFORMED",
  FST_ERR_BAD_URL: "REQUEST_MALFORMED",
  FST_ERR_ASYNC_CONSTRAINT: "REQUEST_MALFORMED",
};

/** What the caller is told of any error. One that we did not foresee becomes INTERNAL, its text kept inside. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = (error as { code?: string }).code ?? "";
  const known = codesOfFastify[code];
  if (known) return new Problem(known, { message: textOf(known), cause: error });
  const status = (error as { statusCode?: number }).statusCode;
  if (status !== undefined && status >= 400 && status < 500)
    return new Problem("REQUEST_MALFORMED", { cause: error });
  return new Problem("INTERNAL", { cause: error });
}
