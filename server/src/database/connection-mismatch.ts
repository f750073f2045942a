import { OperatorError } from "../process/operator-error.ts";

/** A new connection does not have the role or the settings that were asked for, and must not be used. */
export class ConnectionMismatch extends OperatorError {
  override name = "ConnectionMismatch";
}
