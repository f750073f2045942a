import { ClienteleError } from "@clientele/sdk";

/** What is wrong with the options of a request, by their names in it. */
export const optionErrors = (error: unknown): Readonly<Record<string, string>> =>
  error instanceof ClienteleError ? (error.details.query ?? {}) : {};
