import { ClienteleError } from "@clientele/sdk";
import { failureMessage as sentenceOfServer } from "@clientele/server";

/** The line to print for an expected error; undefined for an unexpected one, whose stack is printed. */
export function errorMessage(error: unknown): string | undefined {
  return error instanceof ClienteleError ? `${error.message}${adviceFor(error)}` : sentenceOfServer(error);
}

function adviceFor({ code, requestId }: ClienteleError): string {
  switch (code) {
    case "CONNECTION_FAILED":
      return " Start Clientele with `npm start`, or give its address with --url.";
    case "CREDENTIALS_INVALID":
      return " The app belongs to another installation, was revoked, or has a new secret.";
    case "INTERNAL":
      return ` (${requestId})`;
    default:
      return "";
  }
}
