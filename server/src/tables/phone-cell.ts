import { reason } from "@clientele/contract/field-errors";
import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";
import { type Phone, readPhone } from "../custom-fields/values/phone.ts";
import { type CellError, cellError } from "./cell.ts";

/**
 * A phone as people write it, as a PHONE field takes it; whether there is such a number is the field's to say.
 * A national number is one of the country.
 */
export function phoneCell(text: string, country: string | undefined): string | CellError {
  if (text.startsWith("+") || text.startsWith("＋") || text.startsWith("{")) return text;
  const abroad = prefixAbroad.exec(text);
  if (abroad) return `+${text.slice(abroad[0].length)}`;
  if (country === undefined) return cellError(reason("CELL_PHONE_WITHOUT_COUNTRY"));
  return JSON.stringify({ number: text, country });
}

// Dialled before a country's code: 00 nearly everywhere, 0011 in Australia. No country's code begins with 11. Others,
// such as 011 in North America, are known by the numbering plan of the default country.
const prefixAbroad = /^0\s*0(?:\s*1\s*1)?[\s-]*(?=[1-9(])/;

/** The cell that `phoneCell` reads as a stored phone: E.164, unless that does not tell which country it is of. */
export function writePhoneCell(stored: string): string {
  const { country, number, phone, prefix } = JSON.parse(stored) as Phone;
  if (!sharedPrefixes.has(prefix)) return phone;
  const read = readPhone(phone);
  const isSame = !("fieldError" in read) && read.country === country && read.number === number;
  return isSame ? phone : JSON.stringify({ number, country });
}

/** Of several countries: +1, +44, +7 … To look at each number again is slow. */
const sharedPrefixes = new Set(
  [...Map.groupBy(getCountries(), (country) => `+${getCountryCallingCode(country)}`)]
    .filter(([, countries]) => countries.length > 1)
    .map(([prefix]) => prefix),
);
