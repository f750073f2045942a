import { Problem } from "@clientele/contract/errors";
import { EmbeddedDatabaseError } from "@clientele/embedded-postgres";
import { OperatorError } from "./operator-error.ts";

/** The sentence to print on the terminal, or undefined for an unexpected error: its stack is printed instead. */
export function failureMessage(error: unknown): string | undefined {
  if (error instanceof OperatorError || error instanceof EmbeddedDatabaseError) return error.message;
  return error instanceof Problem ? error.message : undefined;
}
