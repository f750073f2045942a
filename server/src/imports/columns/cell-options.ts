import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { isPhoneCountry } from "../../custom-fields/values/phone.ts";
import { readDateFormat } from "./date-format.ts";
import type { DecimalMark } from "./decimal.ts";

/** How the cells of a file are written. */
export type CellOptions = {
  /** As `DD.MM.YYYY`. Without it days are YYYY-MM-DD alone. */
  dateFormat?: string | null | undefined;
  /** The latest year that two digits mean. The present one when absent. */
  latestYear?: number | undefined;
  /** ISO 3166-1 alpha-2, of national phone numbers. Without it phones are international alone. */
  defaultCountry?: string | null | undefined;
  /** Without it a number has no thousands and a point before its fraction. */
  decimal?: DecimalMark | undefined;
  /** Between tags and between choices. Default `;`. */
  listSeparator?: string | null | undefined;
  /** What an empty cell does: nothing, or it clears. Default keep. */
  empty?: "keep" | "clear" | undefined;
  /** By id. */
  tagNames: ReadonlyMap<string, string>;
};

/** What is wrong with options as they were asked for. Paths are the names of the wire. */
export function errorsOfCellOptions(options: Omit<CellOptions, "tagNames">): FieldError[] {
  const { dateFormat, defaultCountry, listSeparator } = options;
  const fieldErrors: FieldError[] = [];
  const refuse = (path: string, why: Reason) => fieldErrors.push(bodyError(path, "REQUEST_INVALID", why));
  const format = typeof dateFormat === "string" ? readDateFormat(dateFormat) : undefined;
  if (format && "fieldError" in format) refuse("date_format", format.fieldError);
  if (typeof defaultCountry === "string" && !isPhoneCountry(defaultCountry))
    refuse("default_country", reason("COUNTRY_INVALID"));
  if (listSeparator === "") refuse("list_separator", reason("EMPTY"));
  return fieldErrors;
}
