import { fieldErrors } from "./field-errors.ts";
import { type ParametersIn, renderTemplate, type TemplateParameters } from "./templates.ts";

/** Every reason why a webhook delivery had no answer, with its English template. A key is added, never renamed. */
export const attemptErrors = {
  HOST_UNKNOWN: "Its name is not known.",
  HOST_NOT_PUBLIC: "Its name leads to no public address.",
  CONNECTION_CLOSED: "The connection was closed without an answer.",
  UNREACHABLE: "It could not be reached.",
  TIMED_OUT: "No answer within {seconds} seconds.",
  NETWORK_ERROR: "{problem}",
  WEBHOOK_URL_INVALID: `Not sent: the address ${fieldErrors.WEBHOOK_URL_INVALID}.`,
  WEBHOOK_URL_NOT_HTTPS: `Not sent: the address ${fieldErrors.WEBHOOK_URL_NOT_HTTPS}.`,
  WEBHOOK_URL_NOT_ALLOWED: `Not sent: the address ${fieldErrors.WEBHOOK_URL_NOT_ALLOWED}.`,
  WEBHOOK_URL_CREDENTIALS: `Not sent: the address ${fieldErrors.WEBHOOK_URL_CREDENTIALS}.`,
  WEBHOOK_URL_NOT_PUBLIC: `Not sent: the address ${fieldErrors.WEBHOOK_URL_NOT_PUBLIC}.`,
  WEBHOOK_URL_PORT: `Not sent: the address ${fieldErrors.WEBHOOK_URL_PORT}.`,
} as const satisfies Record<string, string>;

export type AttemptErrorKey = keyof typeof attemptErrors;

/** A key of `attemptErrors` with the parameters of its template. */
export type AttemptError = {
  [Key in AttemptErrorKey]: {
    readonly key: Key;
    readonly params: ParametersIn<(typeof attemptErrors)[Key]>;
  };
}[AttemptErrorKey];

/** The English text of an attempt's error. */
export const attemptErrorText = ({
  key,
  params,
}: {
  key: AttemptErrorKey;
  params: TemplateParameters;
}): string => renderTemplate(attemptErrors[key], params);
