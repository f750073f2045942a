import { bodyError, type FieldError } from "@clientele/contract/errors";
import { reason } from "@clientele/contract/field-errors";
import { normalized } from "../text/normalize.ts";

// Segments of the API's own paths: a customer with such an id could not be fetched.
const reserved = new Set([".", "..", "customfields", "export", "import", "import-template.csv"]);
const control = /[\u0000-\u001F\u007F-\u009F]/;

/** Reads an external id: undefined if absent, null if empty. Adds an error when it is invalid. */
export function readExternalId(
  written: string | null | undefined,
  fieldErrors: FieldError[],
): string | null | undefined {
  if (written === undefined) return undefined;
  const externalId = normalized(written ?? "");
  if (externalId === "") return null;
  const problem = reserved.has(externalId)
    ? reason("EXTERNAL_ID_RESERVED", { value: externalId })
    : control.test(externalId)
      ? reason("CONTROL_CHARACTERS")
      : externalId.length > 255
        ? reason("TOO_LONG", { max: 255 })
        : null;
  if (problem !== null) {
    fieldErrors.push(bodyError("external_id", "EXTERNAL_ID_INVALID", problem));
  }
  return externalId;
}
