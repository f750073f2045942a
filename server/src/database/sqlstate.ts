import { Problem } from "@clientele/contract/errors";

/** The error as PostgreSQL reports it. */
export type DatabaseError = Error & { code: string; constraint?: string; detail?: string };

export const sqlstateOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

/** A unique constraint of this name refused a row. */
export const violates = (error: unknown, constraint: string): boolean =>
  sqlstateOf(error) === "23505" && (error as DatabaseError).constraint === constraint;

const serialization = new Set(["40001", "40P01"]);

/** The transaction lost a race and was rolled back whole: doing it again is right. */
export const canBeRunAgain = (error: unknown): boolean => serialization.has(sqlstateOf(error) ?? "");

// Admin shutdown, crash shutdown, cannot connect now, idle-in-transaction timeout, and all of class 08.
const lost = new Set(["57P01", "57P02", "57P03", "57P05", "25P03"]);
const systemErrors = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
const poolTimeout = /timeout exceeded when trying to connect/;
const driverTexts =
  /Connection terminated|connection timeout|not queryable|Client was closed|socket hang up|end.*pool/i;

/** The connection is gone or no longer to be trusted. */
export function connectionIsLost(error: unknown): boolean {
  const state = sqlstateOf(error);
  if (state !== undefined && !systemErrors.has(state))
    return state.startsWith("08") || lost.has(state) || state === "25P02";
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === "string" && systemErrors.has(code)) return true;
  return error instanceof Error && driverTexts.test(error.message);
}

const retryAfter = { "retry-after": "1" };

/**
 * What the caller is told of a database error, its cause kept for the log. An error that tells of no error of
 * the caller and no passing state is returned as it is: it is ours.
 */
export function problemOfDatabase(error: unknown, outcome: "unchanged" | "unknown"): unknown {
  if (error instanceof Problem) return error;
  const state = sqlstateOf(error);
  const passing = (code: "DATABASE_BUSY" | "DATABASE_UNAVAILABLE" | "STORAGE_FULL" | "OUTCOME_UNKNOWN") =>
    new Problem(code, { headers: retryAfter, cause: error });

  if (error instanceof Error && poolTimeout.test(error.message)) return passing("DATABASE_BUSY");
  if (connectionIsLost(error))
    return passing(outcome === "unknown" ? "OUTCOME_UNKNOWN" : "DATABASE_UNAVAILABLE");
  switch (state) {
    case "53100":
      return passing("STORAGE_FULL");
    case "40001":
    case "40P01":
    case "53200":
    case "53300":
    case "55P03":
    case "57014":
      return passing("DATABASE_BUSY");
    // A NUL or an invalid character that no check in front has seen: still the caller's.
    case "22021":
    case "22P05":
      return new Problem("REQUEST_INVALID", { cause: error });
    default:
      return error;
  }
}
