import { ClienteleError } from "@clientele/sdk";
import { sentenceOf as sentenceOfServer } from "@clientele/server";

/** The one sentence for the person at the terminal, or undefined for an error that nobody foresaw. */
export function sentenceOf(error: unknown): string | undefined {
  return error instanceof ClienteleError ? `${error.message}${adviceOn(error)}` : sentenceOfServer(error);
}

function adviceOn({ code, requestId }: ClienteleError): string {
  switch (code) {
    case "CONNECTION_FAILED":
      return " Start Clientele with `npm start`, or say with --url where it runs.";
    case "CREDENTIALS_INVALID":
      return " The app is of another installation, was revoked, or has a new secret.";
    case "INTERNAL":
      return ` (${requestId})`;
    default:
      return "";
  }
}
