import { bodyError, Problem } from "@clientele/contract/errors";
import type { Reason } from "@clientele/contract/field-errors";

/** The problem of a file that cannot be read. `message` completes "The file …": "has a NUL character at byte 7". */
export const fileInvalid = (why: Reason, cause?: unknown): Problem =>
  new Problem("IMPORT_FILE_INVALID", { fieldErrors: [bodyError("", "IMPORT_FILE_INVALID", why)], cause });
