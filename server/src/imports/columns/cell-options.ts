import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import { isPhoneCountry } from "../../custom-fields/values/phone.ts";
import { readDateFormat } from "./date-format.ts";
import type { DecimalMark } from "./decimal.ts";

/** How the cells of a file are to be read. */
export type CellOptions = {
  /** Such as `DD.MM.YYYY`. Default: only YYYY-MM-DD. */
  dateFormat?: string | null | undefined;
  /** The latest year that two digits stand for. Default: the current one. */
  latestYear?: number | undefined;
  /** ISO 3166-1 alpha-2, for phone numbers without a country code. Default: such numbers are errors. */
  defaultCountry?: string | null | undefined;
  /** Default: only unambiguous numbers are read. */
  decimal?: DecimalMark | undefined;
  /** Separates multiple values in one cell. Default `;`. */
  listSeparator?: string | null | undefined;
  /** Whether an empty cell keeps or clears the value. Default keep. */
  empty?: "keep" | "clear" | undefined;
  /** By id. */
  tagNames: ReadonlyMap<string, string>;
};

/** The errors of requested options, with wire names as paths. */
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
