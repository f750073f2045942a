/**
 * An error that the operator can fix: a setting, a file, a name. The terminal shows only the message, one sentence;
 * the underlying error is the cause.
 */
export class OperatorError extends Error {
  override name = "OperatorError";
}
