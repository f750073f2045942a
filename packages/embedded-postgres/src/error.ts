export type EmbeddedDatabaseFailure =
  | "in-use"
  | "disk-full"
  | "no-permission"
  | "unsupported-platform"
  | "other-version"
  | "initdb-failed"
  | "start-failed";

/** The message is one sentence that the operator can act on; the underlying error is the cause. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = "EmbeddedDatabaseError";
  readonly failure: EmbeddedDatabaseFailure;

  constructor(failure: EmbeddedDatabaseFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.failure = failure;
  }
}

/** Converts a file system error; returns other errors unchanged. `doing` completes "may not …". */
export function fileError(error: unknown, doing: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new EmbeddedDatabaseError(
      "no-permission",
      `The account that runs the service may not ${doing} (${code}): give the account that folder, or choose another data folder.`,
      error,
    );
  }
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new EmbeddedDatabaseError(
      "disk-full",
      `The disk is full: cannot ${doing}; free some space.`,
      error,
    );
  }
  if (code === "EEXIST" || code === "ENOTDIR") {
    return new EmbeddedDatabaseError(
      "no-permission",
      `Cannot ${doing}: a file is in the way; choose another data folder.`,
      error,
    );
  }
  return error;
}
