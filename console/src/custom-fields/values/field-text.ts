import { useFormatter, useLocale, useTranslations } from "use-intl";
import type { Field } from "../definitions.ts";
import { parsePhone, usePhoneNumbers, withCallingCode } from "./phone-numbers.ts";

/** Formats stored values; `field` is null for deleted fields. Without groupsPhones, libphonenumber is not loaded. */
export function useFieldText({
  groupsPhones = true,
} = {}): (field: Pick<Field, "type" | "selectOptions"> | null, value: unknown) => string {
  const t = useTranslations("customFields.value");
  const format = useFormatter();
  const locale = useLocale();
  const phones = usePhoneNumbers({ isNeeded: groupsPhones });
  return (field, value) => {
    if (value === null || value === undefined || value === "") return "";
    const labelOf = (chosen: string) =>
      field?.selectOptions.find((option) => option.value === chosen)?.label ?? chosen;
    if (Array.isArray(value)) return format.list(value.map((entry) => labelOf(String(entry))));
    const text = String(value);
    switch (field?.type ?? (text.startsWith('{"') ? "PHONE" : "TEXT")) {
      case "PHONE": {
        const phone = parsePhone(text);
        const known = groupsPhones ? phones?.parsePhoneNumberFromString(phone?.phone ?? "") : undefined;
        return known?.formatInternational() ?? (phone === null ? text : withCallingCode(phone));
      }
      case "DATE":
        return /^\d{4}-\d\d-\d\d$/.test(text)
          ? format.dateTime(new Date(`${text}T00:00:00Z`), { dateStyle: "medium", timeZone: "UTC" })
          : text;
      case "NUMBER":
        return new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(text as `${number}`);
      case "CHECKBOX":
        return text === "true" ? t("yes") : text === "false" ? t("no") : text;
      case "SELECT":
        return labelOf(text);
      default:
        return text;
    }
  };
}
