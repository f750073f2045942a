import type { ErrorCode } from "@clientele/contract/errors";

/** Why a cell cannot be read. */
export type CellError = { fieldError: string; code: ErrorCode };

/** Reads a cell that is not empty: as the text or the choices that a field is written with. */
export type ReadCell = (cell: string) => string | readonly string[] | CellError;

export const cellError = (fieldError: string, code: ErrorCode = "FIELD_VALUE_INVALID"): CellError => ({
  fieldError,
  code,
});

/** Why the database cannot keep a text, or null when it can. */
export function whyUnstorable(text: string): string | null {
  if (text.includes("\u0000")) return "must not contain U+0000";
  return text.isWellFormed() ? null : "must not contain half a surrogate pair";
}
