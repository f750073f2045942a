import { ClienteleError, type FieldError } from "@clientele/sdk";

/** The errors of one part of a request by their paths. */
export type FieldErrors = Readonly<Record<string, FieldError>>;

const errorsIn = (error: unknown, location: FieldError["in"]): FieldErrors =>
  error instanceof ClienteleError
    ? Object.fromEntries(
        error.fieldErrors
          .filter((fieldError) => fieldError.in === location)
          .map((fieldError) => [fieldError.path, fieldError]),
      )
    : {};

export const bodyErrors = (error: unknown): FieldErrors => errorsIn(error, "body");
export const queryErrors = (error: unknown): FieldErrors => errorsIn(error, "query");
