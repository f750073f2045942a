import { reason } from "@clientele/contract/field-errors";
import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";
import { type Phone, readPhone } from "../custom-fields/values/phone.ts";
import { type CellError, cellError } from "./cell.ts";

/** Converts a written phone number to a PHONE field's write format; the field validates it. */
export function phoneCell(text: string, country: string | undefined): string | CellError {
  if (text.startsWith("+") || text.startsWith("＋") || text.startsWith("{")) return text;
  const international = internationalPrefix.exec(text);
  if (international) return `+${text.slice(international[0].length)}`;
  if (country === undefined) return cellError(reason("CELL_PHONE_WITHOUT_COUNTRY"));
  return JSON.stringify({ number: text, country });
}

// International prefixes: 00 nearly everywhere, 0011 in Australia; no country code begins with 11. Others, such as 011
// in North America, are part of the default country's numbering plan.
const internationalPrefix = /^0\s*0(?:\s*1\s*1)?[\s-]*(?=[1-9(])/;

/** The cell that `phoneCell` reads as a stored phone: E.164, or JSON when that leaves the country open. */
export function writePhoneCell(stored: string): string {
  const { country, number, phone, prefix } = JSON.parse(stored) as Phone;
  if (!sharedPrefixes.has(prefix)) return phone;
  const read = readPhone(phone);
  const isSame = !("fieldError" in read) && read.country === country && read.number === number;
  return isSame ? phone : JSON.stringify({ number, country });
}

/** Prefixes of several countries (+1, +44, +7, …): only these numbers are parsed again, which is slow. */
const sharedPrefixes = new Set(
  [...Map.groupBy(getCountries(), (country) => `+${getCountryCallingCode(country)}`)]
    .filter(([, countries]) => countries.length > 1)
    .map(([prefix]) => prefix),
);
