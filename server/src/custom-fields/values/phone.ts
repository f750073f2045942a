import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** A phone number complete: `number` is national without leading zero, `phone` is E.164. */
export type Phone = { country: string; number: string; phone: string; prefix: string };

/** Whether phone numbers of a country are known: two letters of ISO 3166-1, in any case. */
export const isPhoneCountry = (text: string): boolean =>
  isSupportedCountry(text.toUpperCase() as CountryCode);

const writeKeys = new Set(["number", "country", "phone", "prefix"]);

/**
 * A phone as it is written, `{"number","country"}` as JSON text or E.164, completed; or what is wrong with it.
 */
export function readPhone(text: string): Phone | { fieldError: string } {
  if (!text.startsWith("{")) {
    return text.startsWith("+")
      ? completed(text, undefined)
      : { fieldError: 'must be E.164 (+49…) or {"number","country"} as JSON text' };
  }
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    return { fieldError: "is not valid JSON" };
  }
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    return { fieldError: "must be an object with number and country" };
  }
  const { number, country, ...rest } = written as Record<string, unknown>;
  const unknown = Object.keys(rest).find((key) => !writeKeys.has(key));
  if (unknown !== undefined)
    return { fieldError: `has ${JSON.stringify(unknown)}, which a phone does not have` };
  if (typeof number !== "string" || number === "") return { fieldError: "must have a number, as text" };
  if (number.startsWith("+")) return completed(number, undefined);
  if (typeof country !== "string" || !isPhoneCountry(country)) {
    return { fieldError: "must have a country, two letters of ISO 3166-1" };
  }
  return completed(number, country.toUpperCase() as CountryCode);
}

function completed(number: string, country: CountryCode | undefined): Phone | { fieldError: string } {
  // The whole text is the number: none is looked for in a longer one.
  const options = { extract: false, ...(country === undefined ? {} : { defaultCountry: country }) };
  const parsed = number.length <= 40 ? parsePhoneNumberFromString(number, options) : undefined;
  if (!parsed?.isValid()) return { fieldError: "is not a valid phone number" };
  if (parsed.ext !== undefined) return { fieldError: "must not have an extension, which would be lost" };
  return {
    country: parsed.country ?? country ?? "",
    number: parsed.nationalNumber,
    phone: parsed.number,
    prefix: `+${parsed.countryCallingCode}`,
  };
}
