import { Problem } from "@clientele/contract/errors";
import { EmbeddedDatabaseError } from "@clientele/embedded-postgres";
import { Refusal } from "./operator-error.ts";

/**
 * The one sentence for the person at the terminal, or undefined for an error that nobody foresaw: of that one
 * the whole is worth showing.
 */
export function sentenceOf(error: unknown): string | undefined {
  if (error instanceof Refusal || error instanceof EmbeddedDatabaseError) return error.message;
  return error instanceof Problem ? error.message : undefined;
}
