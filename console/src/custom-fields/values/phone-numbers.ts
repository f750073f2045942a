import { useQuery } from "@tanstack/react-query";
import type { CountryCode } from "libphonenumber-js/min";

/** A phone as it is stored: `phone` is E.164, `number` national without its leading zero. */
type Phone = { phone: string; number: string; country: string };

/** What is known of the world's phone numbers: large, so loaded where it is needed; undefined until then. */
export const usePhoneNumbers = ({ isNeeded = true } = {}) =>
  useQuery({
    enabled: isNeeded,
    queryKey: ["phone-numbers"],
    queryFn: () => import("libphonenumber-js/min"),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  }).data;

/** The phone that a value says, whole or still being written; null when it is none. */
export function parsePhone(value: unknown): Partial<Phone> | null {
  if (typeof value !== "string" || value === "") return null;
  if (!value.startsWith("{")) return { phone: value };
  try {
    return JSON.parse(value) as Partial<Phone>;
  } catch {
    return null;
  }
}

/** A phone with its country's code apart: what can be said without knowing how a country groups its digits. */
export const withCallingCode = ({ phone = "", number = "" }: Partial<Phone>): string =>
  number !== "" && phone.endsWith(number) ? `${phone.slice(0, -number.length)} ${number}` : phone || number;

/** Phones as people write them: across borders with the country's code, else as one dials them at home. */
export function usePhoneText(): (phone: string, form?: "international" | "national") => string {
  const phones = usePhoneNumbers();
  return (phone, form = "international") => {
    const parsed = phones?.parsePhoneNumberFromString(phone);
    if (!parsed) return phone;
    return form === "national" ? parsed.formatNational() : parsed.formatInternational();
  };
}

/** Where a number without a country is taken to be: where the browser says that one is. */
export const browserCountry = (): CountryCode =>
  (new Intl.Locale(navigator.language).maximize().region ?? "DE") as CountryCode;
