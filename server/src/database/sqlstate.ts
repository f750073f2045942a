import { Problem } from "@clientele/contract/errors";
import { ConnectionMismatch } from "./connection-mismatch.ts";

/** An error reported by PostgreSQL. */
export type DatabaseError = Error & { code: string; constraint?: string; column?: string; detail?: string };

export const sqlstateOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

/** A unique constraint with this name rejected a row. */
export const violates = (error: unknown, constraint: string): boolean =>
  sqlstateOf(error) === "23505" && (error as DatabaseError).constraint === constraint;

const serialization = new Set(["40001", "40P01"]);

/** The transaction was rolled back by a conflict with another one and can be retried. */
export const canBeRunAgain = (error: unknown): boolean => serialization.has(sqlstateOf(error) ?? "");

// Admin shutdown, crash shutdown, cannot connect now, idle-in-transaction timeout, a primary that became a standby, and
// all of class 08.
const lost = new Set(["57P01", "57P02", "57P03", "57P05", "25P03", "25006"]);
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

/** The connection is lost or can no longer be trusted. */
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
 * Maps a database error to the problem that the caller gets, with the error as cause for the log. Errors that are
 * neither the caller's nor transient are returned unchanged.
 */
export function problemOfDatabase(error: unknown, outcome: "unchanged" | "unknown"): unknown {
  if (error instanceof Problem) return error;
  const state = sqlstateOf(error);
  const passing = (code: "DATABASE_BUSY" | "DATABASE_UNAVAILABLE" | "STORAGE_FULL" | "OUTCOME_UNKNOWN") =>
    new Problem(code, { headers: retryAfter, cause: error });

  if (error instanceof Error && poolTimeout.test(error.message)) return passing("DATABASE_BUSY");
  if (error instanceof ConnectionMismatch) return passing("DATABASE_UNAVAILABLE");
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
    // A NUL or an invalid character that no earlier check caught: the caller's error.
    case "22021":
    case "22P05":
      return new Problem("REQUEST_INVALID", { cause: error });
    default:
      return error;
  }
}
