import { bodyError, Problem } from "@clientele/contract/errors";
import type { Reason } from "@clientele/contract/field-errors";

/** The refusal of a file that cannot be read at all. `message` says what and where: "has a NUL character at byte 7". */
export const fileInvalid = (why: Reason, cause?: unknown): Problem =>
  new Problem("IMPORT_FILE_INVALID", { fieldErrors: [bodyError("", "IMPORT_FILE_INVALID", why)], cause });
