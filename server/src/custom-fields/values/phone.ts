import { type Reason, reason } from "@clientele/contract/field-errors";
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** A normalized phone number: `number` is national without its leading zero, `phone` is E.164. */
export type Phone = { country: string; number: string; phone: string; prefix: string };

/** Whether a two-letter ISO 3166-1 code, in any case, has phone numbers. */
export const isPhoneCountry = (text: string): boolean =>
  isSupportedCountry(text.toUpperCase() as CountryCode);

const writeKeys = new Set(["number", "country", "phone", "prefix"]);

/**
 * A phone as it is written, `{"number","country"}` as JSON text or E.164, completed; or what is wrong with it.
 */
export function readPhone(text: string): Phone | { fieldError: Reason } {
  if (!text.startsWith("{")) {
    return text.startsWith("+") ? completed(text, undefined) : { fieldError: reason("PHONE_FORM_INVALID") };
  }
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    return { fieldError: reason("PHONE_NOT_JSON") };
  }
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    return { fieldError: reason("PHONE_NOT_OBJECT") };
  }
  const { number, country, ...rest } = written as Record<string, unknown>;
  const unknown = Object.keys(rest).find((key) => !writeKeys.has(key));
  if (unknown !== undefined) return { fieldError: reason("PHONE_ATTRIBUTE_UNKNOWN", { attribute: unknown }) };
  if (typeof number !== "string" || number === "") return { fieldError: reason("PHONE_NUMBER_MISSING") };
  if (number.startsWith("+")) return completed(number, undefined);
  if (typeof country !== "string" || !isPhoneCountry(country)) {
    return { fieldError: reason("PHONE_COUNTRY_MISSING") };
  }
  return completed(number, country.toUpperCase() as CountryCode);
}

function completed(number: string, country: CountryCode | undefined): Phone | { fieldError: Reason } {
  // The whole text must be the number; none is extracted from a longer text.
  const options = { extract: false, ...(country === undefined ? {} : { defaultCountry: country }) };
  const parsed = number.length <= 40 ? parsePhoneNumberFromString(number, options) : undefined;
  if (!parsed?.isValid()) return { fieldError: reason("PHONE_INVALID") };
  if (parsed.ext !== undefined) return { fieldError: reason("PHONE_EXTENSION") };
  return {
    country: parsed.country ?? country ?? "",
    number: parsed.nationalNumber,
    phone: parsed.number,
    prefix: `+${parsed.countryCallingCode}`,
  };
}
