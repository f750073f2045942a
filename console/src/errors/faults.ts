import { ClienteleError } from "@clientele/sdk";

/** The errors of a request's body by where they are: `{ "customfields.0.value": "is not an e-mail address" }`. */
export const fieldErrorsOf = (error: unknown): Record<string, string> =>
  error instanceof ClienteleError ? (error.details.body ?? {}) : {};
