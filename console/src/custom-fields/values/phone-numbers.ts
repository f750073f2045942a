import { useQuery } from "@tanstack/react-query";
import type { CountryCode } from "libphonenumber-js/min";

/** A stored phone number: `phone` is E.164, `number` is national without the leading zero. */
type Phone = { phone: string; number: string; country: string };

/** libphonenumber, loaded on demand because of its size; undefined until then. */
export const usePhoneNumbers = ({ isNeeded = true } = {}) =>
  useQuery({
    enabled: isNeeded,
    queryKey: ["phone-numbers"],
    queryFn: () => import("libphonenumber-js/min"),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  }).data;

/** Parses a stored or partly typed phone value; null if it is invalid. */
export function parsePhone(value: unknown): Partial<Phone> | null {
  if (typeof value !== "string" || value === "") return null;
  if (!value.startsWith("{")) return { phone: value };
  try {
    return JSON.parse(value) as Partial<Phone>;
  } catch {
    return null;
  }
}

/** The number with its calling code set apart; needs no knowledge of a country's digit groups. */
export const withCallingCode = ({ phone = "", number = "" }: Partial<Phone>): string =>
  number !== "" && phone.endsWith(number) ? `${phone.slice(0, -number.length)} ${number}` : phone || number;

/** Formats a phone number internationally or nationally. */
export function usePhoneText(): (phone: string, form?: "international" | "national") => string {
  const phones = usePhoneNumbers();
  return (phone, form = "international") => {
    const parsed = phones?.parsePhoneNumberFromString(phone);
    if (!parsed) return phone;
    return form === "national" ? parsed.formatNational() : parsed.formatInternational();
  };
}

/** The browser's region, used for numbers without a country. */
export const browserCountry = (): CountryCode =>
  (new Intl.Locale(navigator.language).maximize().region ?? "DE") as CountryCode;
