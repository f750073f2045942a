import type { ErrorCode } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";

/** Why a cell cannot be read. */
export type CellError = { fieldError: Reason; code: ErrorCode };

/** Reads a non-empty cell into a field's write format: a text or a list of options. */
export type ReadCell = (cell: string) => string | readonly string[] | CellError;

export const cellError = (fieldError: Reason, code: ErrorCode = "FIELD_VALUE_INVALID"): CellError => ({
  fieldError,
  code,
});

/** Why the database cannot store a text, null when it can. */
export function unstorableReason(text: string): Reason | null {
  if (text.includes("\u0000")) return reason("NUL_CHARACTER");
  return text.isWellFormed() ? null : reason("HALF_SURROGATE_PAIR");
}
