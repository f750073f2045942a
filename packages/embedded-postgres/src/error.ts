export type EmbeddedDatabaseFailure =
  | "in-use"
  | "disk-full"
  | "no-permission"
  | "unsupported-platform"
  | "other-version"
  | "initdb-failed"
  | "start-failed";

/** The message is one sentence that the person who runs the service can act on; what led to it is the cause. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = "EmbeddedDatabaseError";
  readonly failure: EmbeddedDatabaseFailure;

  constructor(failure: EmbeddedDatabaseFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.failure = failure;
  }
}

/** The sentence for a file system error while doing something to a path; other errors pass through. */
export function fileError(error: unknown, doing: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new EmbeddedDatabaseError(
      "no-permission",
      `The account that runs Clientele may not ${doing} (${code}): give it that folder, or choose a data folder of its own.`,
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
